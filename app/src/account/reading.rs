//! Where one is signed in, and who reads on one's behalf.

use super::{SessionRow, TokenRow};
use crate::parts::text::line;
use crate::parts::{Confirm, Moment, PostForm, Tone, chip, empty};
use leptos::prelude::*;

pub(super) fn sessions(sessions: Vec<SessionRow>, csrf: &str) -> AnyView {
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|row| {
            let browser = line(&row.browser, 80);
            let end = if row.is_this { chip(Tone::Good, "this one") } else { end_session(row.id, &browser, csrf) };
            let quiet = format!("{} · last seen ", line(&row.address, 60));
            view! { <li><div><strong>{browser}</strong><span class="quiet">{quiet}{row.seen.brief()}</span></div>{end}</li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

fn end_session(id: String, browser: &str, csrf: &str) -> AnyView {
    let confirm = Confirm {
        form: PostForm::new("/account/sessions/end", csrf),
        act: "End",
        about: format!("the session in {browser}"),
        ends: "This browser is signed out, and agents that you let in from there lose their access."
            .to_owned(),
        yes: "End this session",
        id: Some(id),
    };
    confirm.show()
}

pub(super) fn tokens(tokens: Vec<TokenRow>, csrf: &str) -> AnyView {
    if tokens.is_empty() {
        let next =
            view! { "An agent appears here once you let it in. "<a href="#connect">"Connect one"</a>"." };
        return empty("Nobody, at the moment", next);
    }
    let rows: Vec<_> = tokens.into_iter().map(|row| token(row, csrf)).collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

fn token(row: TokenRow, csrf: &str) -> AnyView {
    let client = line(&row.client, 80);
    let reads = if row.left_out.is_empty() {
        format!("reads all of {}", row.profile)
    } else {
        format!("reads {} without {}", row.profile, line(&row.left_out.join(", "), 300))
    };
    let called = row.called.map_or_else(|| "none".into_any(), Moment::brief);
    let revoke = Confirm {
        form: PostForm::new("/account/tokens/revoke", csrf),
        act: "Revoke",
        about: format!("the access of {client}"),
        ends: format!("{client} can read nothing more on your behalf, from its next request on."),
        yes: "Revoke this access",
        id: Some(row.id),
    };
    view! {
        <li>
            <div>
                <strong>{client}</strong>
                <span class="quiet">{reads}</span>
                <span class="quiet">"since "{row.since.brief()}" · last call "{called}" · ends "{row.until.brief()}</span>
            </div>
            {revoke.show()}
        </li>
    }
    .into_any()
}
