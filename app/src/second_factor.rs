//! The second step of signing in: a code of the authenticator app, or a recovery code. The same page asks again before a
//! dangerous act.

use crate::parts::{Field, Kind, PostForm, button, field, mark, post_form};
use leptos::prelude::*;

/// What the code is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// A code of the app, to sign in.
    Code,
    /// A recovery code, to sign in.
    Recovery,
    /// A code of the app, again, before something that cannot easily be undone.
    Again {
        /// What the person wants to do.
        next: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    pub csrf: String,
    pub ask: Ask,
    pub problem: Option<String>,
}

impl SecondFactor {
    #[must_use]
    pub fn sample(ask: Ask) -> Self {
        Self { csrf: "dG9rZW4".to_owned(), ask, problem: Some("This code is wrong.".to_owned()) }
    }
}

#[must_use]
pub fn SecondFactorPage(page: SecondFactor) -> impl IntoView {
    let SecondFactor { csrf, ask, problem } = page;
    let code = Field::new("code", "Code", Kind::Code).hint("Six digits, from your authenticator app.");
    let recovery = Field::new("code", "Recovery code", Kind::Recovery)
        .hint("One of the ten that you kept; each is good once.");
    let (title, lead, action, code) = match &ask {
        Ask::Code => ("Your second factor", "The password was right. One more step.", "/sign-in/code", code),
        Ask::Recovery => (
            "Use a recovery code",
            "For the day when the app is out of reach.",
            "/sign-in/recovery",
            recovery,
        ),
        Ask::Again { .. } => (
            "Is it you?",
            "What comes next is not easily undone, so show your second factor again.",
            "/sign-in/again",
            code,
        ),
    };
    let next = match &ask {
        Ask::Again { next } => Some(next.clone()),
        Ask::Code | Ask::Recovery => None,
    };
    let next = next.map(|next| view! { <input type="hidden" name="next" value=next /> });
    let other = match ask {
        Ask::Code => Some(
            view! { <p class="quiet"><a href="/sign-in/recovery">"Use a recovery code instead"</a></p> }
                .into_any(),
        ),
        Ask::Recovery => Some(
            view! { <p class="quiet"><a href="/sign-in/code">"Use the authenticator app instead"</a></p> }
                .into_any(),
        ),
        Ask::Again { .. } => None,
    };
    let fields = view! {
        {next}
        {field(code.problem(problem))}
        {button("Continue")}
    };
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>{title}</h1>
            <p class="quiet">{lead}</p>
            {post_form(PostForm::new(action, &csrf), fields)}
            {other}
        </main>
    }
}
