//! What a person sees. A page is a function of its model: a handler loads, a page only shows.
//!
//! Invariant: no I/O, nothing asynchronous, no script.
//!
//! | address | page |
//! |---|---|
//! | `/` | [`welcome`] to strangers, [`overview`] to those who may see the record |
//! | `/audit/queries`, `/audit/queries/{id}` | [`queries`], [`query`] |
//! | `/audit/denials`, `/audit/denials/{id}` | [`denials`], [`denial`] |
//! | `/audit/events` | [`events`] |
//! | `/usage`, `/usage/{username}` | [`usage`], [`usage_person`] |
//! | `/o/authorize` | [`consent`], then [`handover`] |
//! | `/sign-in` | [`sign_in`] |
//! | `/sign-in/code`, `/sign-in/recovery`, `/sign-in/again` | [`second_factor`] |
//! | `/sign-in/enrol` | [`enrolment`], then [`recovery_codes`] |
//! | `/setup/{token}` | [`set_up`] |
//! | `/signed-out` | [`signed_out`] |
//! | `/account`, `/account/password` | [`account`] |
//! | `/account/calls` | [`account_calls`] |
//! | `/account/recovery-codes` | [`recovery_codes`] |
//! | `/alerts` | [`alerts`] |
//! | `/people`, `/people/new`, `/people/{username}` | [`people`], [`person_new`], [`person`] |
//! | `/clients`, `/clients/new`, `/clients/{id}` | [`clients`], [`client_new`], [`client`] |
//! | `/surface` | [`surface`] |
//! | `/try` | [`try_sql`] |
//! | anything that is not there | [`problem`] |
//! | anything, while nobody can be served | [`maintenance`] |

// Components are named like the elements that they are.
#![allow(non_snake_case, clippy::must_use_candidate)]

pub mod account;
pub mod account_calls;
pub mod alerts;
pub mod client;
pub mod client_new;
pub mod clients;
pub mod consent;
pub mod denial;
pub mod denials;
pub mod enrolment;
pub mod events;
pub mod handover;
pub mod maintenance;
pub mod overview;
pub mod parts;
pub mod people;
pub mod person;
pub mod person_new;
pub mod problem;
pub mod queries;
pub mod query;
pub mod recovery_codes;
pub mod second_factor;
pub mod set_up;
pub mod sign_in;
pub mod signed_out;
mod style;
pub mod surface;
pub mod try_sql;
pub mod usage;
pub mod usage_person;
pub mod welcome;

#[cfg(test)]
mod gallery;

pub use style::STYLE;

use leptos::prelude::*;
use parts::Theme;

/// The document around every page.
#[component]
pub fn Document(
    /// The title of the browser's window.
    title: String,
    /// Where the stylesheet is.
    style: String,
    /// The light that the person chose.
    theme: Theme,
    /// Where the browser goes on by itself, at once.
    onward: Option<String>,
    children: Children,
) -> impl IntoView {
    let onward = onward.map(|to| view! { <meta http-equiv="refresh" content=format!("0; url={to}") /> });
    view! {
        <html lang="en" data-theme=theme.code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.scheme() />
                {onward}
                <title>{title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
            </head>
            <body>
                <a class="skip" href="#main">"Skip to the content"</a>
                {children()}
            </body>
        </html>
    }
}
