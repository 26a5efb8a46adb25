//! The switch that holds somebody's or something's reading at once, and lets it go on.

use super::confirm::Confirm;
use super::form::{PostForm, post_form};
use super::moment::Moment;
use super::text::line;
use leptos::prelude::*;

/// Since when something is held, and who held it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    pub since: Moment,
    pub by: String,
}

impl Paused {
    #[must_use]
    pub fn sample() -> Self {
        Self { since: Moment::sample(), by: "margarete".to_owned() }
    }

    /// `paused since … by …`
    #[must_use]
    pub fn show(self) -> AnyView {
        let by = format!(" by {}", line(&self.by, 64));
        view! { <span>"Paused since "{self.since.show()}{by}</span> }.into_any()
    }
}

/// What the switch belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseSwitch {
    pub paused: Option<Paused>,
    /// The address that ends with `/pause` and `/resume`.
    pub address: String,
    pub csrf: String,
    /// What is held, for those who cannot see what stands around.
    pub about: String,
    /// What ends at once when it is held.
    pub ends: String,
}

impl PauseSwitch {
    #[must_use]
    pub fn show(self) -> AnyView {
        let Self { paused, address, csrf, about, ends } = self;
        match paused {
            Some(paused) => {
                let resume = view! {
                    <button type="submit">"Resume"<span class="unseen">{format!(" {about}")}</span></button>
                };
                let form = post_form(PostForm::new(format!("{address}/resume"), &csrf), resume);
                view! { <div class="note warn held">{paused.show()}{form}</div> }.into_any()
            }
            None => Confirm {
                form: PostForm::new(format!("{address}/pause"), &csrf),
                act: "Pause reading",
                about,
                ends,
                yes: "Pause now",
                id: None,
            }
            .show(),
        }
    }
}
