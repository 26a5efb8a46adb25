//! How a self-test of a profile went.

use crate::model::person::Username;
use std::time::Duration;
use time::OffsetDateTime;

/// What the configuration says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelfTest {
    /// In whose name the endpoint is asked.
    pub person: Option<Username>,
    /// How often, where the program tests itself.
    pub every: Option<Duration>,
    /// Whether a profile that fails is paused.
    pub disable_on_red: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTested {
    pub profile: String,
    pub at: OffsetDateTime,
    /// Attacks that were tried, those without the gate counted again.
    pub tried: u32,
    /// What did not hold, a sentence each.
    pub faults: Vec<String>,
}

impl SelfTested {
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.faults.is_empty()
    }
}
