//! A person without a second factor is led here before anything else.

use crate::parts::text::line;
use crate::parts::{Facts, Field, Kind, PostForm, button, field, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    pub csrf: String,
    pub qr: Qr,
    /// What the QR code says, for somebody who types it.
    pub secret: String,
    pub issuer: String,
    pub account: String,
    pub problem: Option<String>,
}

/// A QR code: how many modules a side has, the quiet zone included, and the dark ones as a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    pub side: usize,
    pub dark: String,
}

impl Enrolment {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            csrf: "dG9rZW4".to_owned(),
            qr: Qr {
                side: 29,
                dark: [(4, 4), (18, 4), (4, 18)]
                    .map(|(x, y)| format!("M{x} {y}h7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3z"))
                    .concat(),
            },
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
            issuer: "Portcullis (db.example.com)".to_owned(),
            account: "margarete".to_owned(),
            problem: None,
        }
    }
}

#[must_use]
pub fn EnrolmentPage(page: Enrolment) -> impl IntoView {
    let view_box = format!("0 0 {side} {side}", side = page.qr.side);
    // Groups of four stay whole, and a line breaks between them.
    let groups: Vec<_> =
        page.secret.split(' ').map(|group| view! { <span>{group.to_owned()}</span>" " }).collect();
    let by_hand = Facts::new()
        .line("Issuer", page.issuer)
        .line("Account", line(&page.account, 64))
        .line("Secret", view! { <code id="secret" class="groups">{groups}</code> })
        .line("Kind", "time-based, six digits, 30 seconds, SHA-1")
        .show();
    let code = Field::new("code", "Code", Kind::Code)
        .hint("The six digits that the app shows now.")
        .problem(page.problem);
    let fields = view! {
        {field(code)}
        {button("Confirm")}
    };
    view! {
        <main id="main" class="card narrow">
            <h1>"Add a second factor"</h1>
            <p>"A password alone opens nothing here. Scan this with an authenticator app, then type the code that it shows."</p>
            <p class="qr">
                <svg viewBox=view_box role="img" aria-label="QR code of the secret below" shape-rendering="crispEdges">
                    <rect width="100%" height="100%" fill="#ffffff" />
                    <path d=page.qr.dark fill="#000000" />
                </svg>
            </p>
            <details>
                <summary>"Type it instead"</summary>
                {by_hand}
            </details>
            {post_form(PostForm::new("/sign-in/enrol", &page.csrf), fields)}
        </main>
    }
}
