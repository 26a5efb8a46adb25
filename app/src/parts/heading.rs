//! The top of a page: what it is, where it belongs, and what can be done from here.

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub title: String,
    pub lead: Option<String>,
    /// The page above this one: its address and its name.
    pub above: Option<(String, String)>,
}

impl Heading {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lead: None, above: None }
    }

    #[must_use]
    pub fn lead(self, lead: impl Into<String>) -> Self {
        Self { lead: Some(lead.into()), ..self }
    }

    #[must_use]
    pub fn above(self, href: impl Into<String>, name: impl Into<String>) -> Self {
        Self { above: Some((href.into(), name.into())), ..self }
    }

    #[must_use]
    pub fn show(self) -> AnyView {
        self.with(())
    }

    /// With something beside the title: links, a switch, a chip.
    pub fn with(self, beside: impl IntoView + 'static) -> AnyView {
        let Self { title, lead, above } = self;
        let above = above.map(|(href, name)| view! { <p class="above"><a href=href>{name}</a></p> });
        let lead = lead.map(|lead| view! { <p class="lead">{lead}</p> });
        view! {
            <div class="head">
                <div>{above}<h1>{title}</h1>{lead}</div>
                <div class="acts">{beside.into_any()}</div>
            </div>
        }
        .into_any()
    }
}
