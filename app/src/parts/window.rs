//! The stretches of time that figures are told for.

use super::filter::switch;
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Hour,
    Day,
    Week,
}

impl Window {
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// The word in addresses, as `?window=24h`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
        }
    }

    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Hour => "the last hour",
            Self::Day => "the last 24 hours",
            Self::Week => "the last 7 days",
        }
    }

    /// The links from one to the other; `href` tells the address for a code.
    pub(crate) fn switch(self, href: impl Fn(&str) -> String) -> AnyView {
        let label = |window: Self| match window {
            Self::Hour => "1 h",
            Self::Day => "24 h",
            Self::Week => "7 d",
        };
        let choices = Self::ALL.map(|window| (label(window).to_owned(), href(window.code()), window == self));
        switch("Time shown", choices.to_vec())
    }
}
