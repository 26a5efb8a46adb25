//! The way back to a client after a person decided. The document around it leads on by itself; the link is for browsers
//! that wait to be told.

use crate::parts::mark;
use crate::parts::text::line;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    pub to: String,
    pub client: String,
    pub place: String,
    pub is_approved: bool,
}

impl Handover {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            to: "http://127.0.0.1:54321/callback?code=x".to_owned(),
            client: "Claude Code".to_owned(),
            place: "127.0.0.1:54321".to_owned(),
            is_approved: true,
        }
    }
}

#[must_use]
pub fn HandoverPage(handover: Handover) -> impl IntoView {
    let (heading, text) = if handover.is_approved {
        (
            "You let it in",
            format!("{} is told now. You can close this page once it says so.", line(&handover.client, 80)),
        )
    } else {
        ("You refused", format!("{} is told now.", line(&handover.client, 80)))
    };
    let link = format!("Go on to {}", line(&handover.place, 200));
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>{heading}</h1>
            <p>{text}</p>
            <p><a href=handover.to rel="noreferrer">{link}</a></p>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::{Handover, HandoverPage};
    use leptos::prelude::*;

    #[test]
    fn the_way_back_is_a_link() {
        let html = Owner::new().with(|| HandoverPage(Handover::sample()).to_html());
        assert!(html.contains("href=\"http://127.0.0.1:54321/callback?code=x\""), "{html}");
    }
}
