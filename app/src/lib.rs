//! What a person sees. A page is a function of its model: a handler loads, a page only shows.
//!
//! Invariant: no I/O, nothing asynchronous, no script.
//!
//! | address | page |
//! |---|---|
//! | `/` | [`welcome`] |
//! | anything that is not there | [`problem`] |

// Components are named like the elements that they are.
#![allow(non_snake_case, clippy::must_use_candidate)]

pub mod problem;
pub mod welcome;

use leptos::prelude::*;

/// The document around every page.
#[component]
pub fn Document(
    /// The title of the browser's window.
    title: String,
    /// Where the stylesheet is.
    style: String,
    children: Children,
) -> impl IntoView {
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
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
