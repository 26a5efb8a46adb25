//! A word in a frame: what became of a call, what somebody or something is.

use leptos::prelude::*;

/// How much a word wants to be seen. Colour only ever stands beside the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warning,
    Bad,
    Accent,
}

impl Tone {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Warning => "warn",
            Self::Bad => "bad",
            Self::Accent => "hot",
        }
    }
}

pub fn chip(tone: Tone, text: impl Into<String>) -> AnyView {
    let class = match tone {
        Tone::Plain => "chip".to_owned(),
        _ => format!("chip {}", tone.class()),
    };
    view! { <span class=class>{text.into()}</span> }.into_any()
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    /// The gate said no.
    Refused,
    /// The gate said yes; the run did not end well.
    Failed,
    /// Begun and never completed: it is running, or the program ended in between.
    Unfinished,
}

impl Decision {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unfinished => "unfinished",
        }
    }

    pub(crate) const fn tone(self) -> Tone {
        match self {
            Self::Allowed => Tone::Good,
            Self::Refused => Tone::Bad,
            Self::Failed => Tone::Warning,
            Self::Unfinished => Tone::Plain,
        }
    }

    #[must_use]
    pub fn show(self) -> AnyView {
        chip(self.tone(), self.word())
    }
}
