//! The bar on top of every page of somebody who is signed in.

use super::form::{PostForm, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub username: String,
    pub csrf: String,
}

impl Bar {
    #[must_use]
    pub fn sample() -> Self {
        Self { username: "margarete".to_owned(), csrf: "dG9rZW4".to_owned() }
    }

    #[must_use]
    pub fn show(self) -> impl IntoView {
        let sign_out = PostForm::new("/sign-out", &self.csrf);
        view! {
            <header class="bar">
                <nav aria-label="Portcullis">
                    <a class="home" href="/">"Portcullis"</a>
                    <a href="/account">{self.username}</a>
                    {post_form(sign_out, view! { <button class="plain" type="submit">"Sign out"</button> })}
                </nav>
            </header>
        }
    }
}
