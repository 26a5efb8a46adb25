//! The recovery codes, shown this once; and the page that asks before old ones become worthless.

use crate::parts::{Heading, PostForm, Section, Shell, Width, button, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
    /// Where the person goes from here.
    pub next: String,
}

impl RecoveryCodes {
    #[must_use]
    pub fn sample() -> Self {
        let codes = (0..10).map(|n| format!("abcd-efgh-ijkl-mno{}", char::from(b'a' + n))).collect();
        Self { codes, next: "/account".to_owned() }
    }
}

#[must_use]
pub fn RecoveryCodesPage(page: RecoveryCodes) -> impl IntoView {
    let codes: Vec<_> = page.codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect();
    view! {
        <main id="main" class="card narrow">
            <h1>"Your recovery codes"</h1>
            <p>"Each of them signs you in once when the app is out of reach. Keep them where you keep your passwords: "<strong>"they are not shown again."</strong></p>
            <ol class="codes">{codes}</ol>
            <p><a class="button primary" href=page.next>"I have kept them"</a></p>
        </main>
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewCodes {
    pub shell: Shell,
    pub left: i64,
}

impl RenewCodes {
    #[must_use]
    pub fn sample() -> Self {
        Self { shell: Shell::sample(Section::Account), left: 3 }
    }
}

#[must_use]
pub fn RenewCodesPage(page: RenewCodes) -> impl IntoView {
    let form = PostForm::new("/account/recovery-codes", &page.shell.csrf);
    let left = match page.left {
        1 => "One of your recovery codes is still good; it will be worthless.".to_owned(),
        n => format!("{n} of your recovery codes are still good; they will be worthless."),
    };
    let content = view! {
        {Heading::new("New recovery codes").above("/account", "Account").lead(left).show()}
        {post_form(form, button("Make ten new codes"))}
        <p class="quiet"><a href="/account">"Leave them as they are"</a></p>
    };
    page.shell.around(Width::Narrow, content)
}
