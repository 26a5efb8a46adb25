//! Makes a client known that cannot do so itself.

use crate::parts::{Field, Heading, Kind, PostForm, Section, Shell, Width, button, field, post_form};
use crate::person_new::Typed;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientNewModel {
    pub shell: Shell,
    pub id: Typed,
    pub name: Typed,
    /// One address per line, sent as the field `redirect_uris`.
    pub redirect_uris: Typed,
}

impl ClientNewModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Section::Clients),
            id: Typed::new("looker"),
            name: Typed::new("Looker"),
            redirect_uris: Typed {
                value: "https://looker.example.com/callback\nhttp://looker.example.com/old".to_owned(),
                problem: Some(
                    "`http://looker.example.com/old` must use https, or lead to this machine".to_owned(),
                ),
            },
        }
    }
}

#[must_use]
pub fn ClientNewPage(page: ClientNewModel) -> impl IntoView {
    let form = PostForm::new("/clients/new", &page.shell.csrf);
    let id = Field::new("id", "Client id", Kind::Text).hint(
        "What the client says: lower-case letters, digits, dashes, dots and underscores, a letter first.",
    );
    let name = Field::new("name", "Name", Kind::Text).hint("What people read when it asks them for access.");
    let uris = Field::new("redirect_uris", "Redirect addresses", Kind::Lines { rows: 4 })
        .hint("One per line, exactly as the client sends them.");
    let fields = view! {
        {field(page.id.into(id))}
        {field(page.name.into(name))}
        {field(page.redirect_uris.into(uris))}
        {button("Register the client")}
    };
    let lead =
        "It gets no secret: it proves itself with PKCE, and its answers go only to the addresses given here.";
    let content = view! {
        {Heading::new("Register a client").above("/clients", "Clients").lead(lead).show()}
        {post_form(form, fields)}
    };
    page.shell.around(Width::Narrow, content)
}
