//! How the last self-test of a profile went.

use crate::parts::text::line;
use crate::parts::{Moment, Tone, note};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTested {
    pub at: Moment,
    /// Attacks that were tried.
    pub tried: u32,
    /// What did not hold, a sentence each.
    pub faults: Vec<String>,
}

impl SelfTested {
    pub(super) fn sample() -> Self {
        Self { at: Moment::sample(), tried: 70, faults: Vec::new() }
    }

    /// When it was, and in a word how it went.
    pub(super) fn fact(&self) -> AnyView {
        let went = match self.faults.len() {
            0 => format!("{} attacks, all of them stopped; ", self.tried),
            faults => format!("{} attacks, {faults} of them not stopped; ", self.tried),
        };
        view! { {went}{self.at.clone().show()} }.into_any()
    }

    /// What did not hold, where somebody looks first.
    pub(super) fn faults(&self) -> Vec<AnyView> {
        let told = |fault: &String| note(Tone::Bad, format!("Self-test: {}", line(fault, 400)));
        self.faults.iter().map(told).collect()
    }
}
