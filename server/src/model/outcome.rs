//! An outcome: what became of an attempt. Never the contents of a row.

use gate::{Reason, RelationName};
use std::time::Duration;

#[derive(Debug, Clone)]
pub struct Outcome {
    pub decision: Decision,
    /// What the reason is about: a table, a function, a column.
    pub subject: Option<String>,
    /// The statement as the gate printed it.
    pub canonical_sql: Option<String>,
    /// The very text that the warehouse was sent.
    pub executed_sql: Option<String>,
    pub relations: Vec<String>,
    pub functions: Vec<String>,
    pub row_count: u64,
    pub byte_count: u64,
    pub truncated: bool,
    pub duration: Duration,
    pub error: Option<String>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    /// Something about the request itself was not acceptable; nothing was run.
    Refused(Refused),
    /// It was acceptable, and yet there is no answer.
    Failed(Failed),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// By the gate.
    Gate(Reason),
    /// The profile does not have that relation.
    UnknownTable,
    /// PostgreSQL expects it to cost more than the profile allows, or a budget is used up.
    OverBudget,
    /// No tool, or not these arguments.
    InvalidRequest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    ExecutionError,
    Timeout,
    PermissionDenied,
    Cancelled,
    Misconfigured,
    /// The warehouse cannot be reached, has no connection to spare, or only standbys that will not do.
    Unavailable,
}

impl Outcome {
    /// An outcome with nothing to tell beyond `decision`.
    #[must_use]
    pub fn of(decision: Decision, duration: Duration) -> Self {
        Self {
            decision,
            subject: None,
            canonical_sql: None,
            executed_sql: None,
            relations: Vec::new(),
            functions: Vec::new(),
            row_count: 0,
            byte_count: 0,
            truncated: false,
            duration,
            error: None,
        }
    }

    #[must_use]
    pub fn reading(mut self, relations: &[RelationName]) -> Self {
        self.relations = relations.iter().map(ToString::to_string).collect();
        self
    }
}

impl Decision {
    /// The word of the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
        }
    }

    /// The word of the record for why, where it was not allowed.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Allowed => None,
            Self::Refused(refused) => Some(refused.code()),
            Self::Failed(failed) => Some(failed.code()),
        }
    }
}

impl Refused {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gate(reason) => reason.code(),
            Self::UnknownTable => Reason::DisallowedTable.code(),
            Self::OverBudget => "over_budget",
            Self::InvalidRequest => "invalid_request",
        }
    }
}

impl Failed {
    pub const ALL: [Self; 6] = [
        Self::ExecutionError,
        Self::Timeout,
        Self::PermissionDenied,
        Self::Cancelled,
        Self::Misconfigured,
        Self::Unavailable,
    ];

    /// What an operator can do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::ExecutionError => {
                "PostgreSQL could not run it; the agent was told how to mend the statement"
            }
            Self::Timeout => {
                "filter more, join less, or aggregate over a shorter time; or allow more in `[timeouts]`"
            }
            Self::PermissionDenied => {
                "the profile declares more than its role may read: grant it, or take it out of the profile"
            }
            Self::Cancelled => "nobody waited for the answer any more, or an operator stopped it",
            Self::Misconfigured => {
                "the role, the login or the relations of the profile are not as configured"
            }
            Self::Unavailable => {
                "the warehouse was away, had no connection to spare, or only standbys too far behind their primary"
            }
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ExecutionError => "execution_error",
            Self::Timeout => "timeout",
            Self::PermissionDenied => "permission_denied",
            Self::Cancelled => "cancelled",
            Self::Misconfigured => "misconfigured",
            Self::Unavailable => "unavailable",
        }
    }
}

/// The words of the record for why a call was not allowed.
#[must_use]
pub fn reasons() -> Vec<&'static str> {
    let of_the_gate = Reason::ALL.into_iter().map(Reason::code);
    let of_the_run = Failed::ALL.into_iter().map(Failed::code);
    of_the_gate
        .chain([Refused::OverBudget, Refused::InvalidRequest].map(Refused::code))
        .chain(of_the_run)
        .collect()
}

/// What can be done about a call, by the word of the record for why it was not allowed.
#[must_use]
pub fn advice(reason: &str) -> Option<&'static str> {
    let of_the_gate = Reason::ALL.into_iter().find(|known| known.code() == reason).map(Reason::advice);
    let of_the_run = || Failed::ALL.into_iter().find(|known| known.code() == reason).map(Failed::advice);
    let of_the_request = || {
        let refused = [Refused::OverBudget, Refused::InvalidRequest];
        refused.into_iter().find(|known| known.code() == reason).map(|refused| match refused {
            Refused::OverBudget => {
                "it would cost more than the profile's `max_cost`: filter more, join less, or allow more; or a budget is \
                 used up: it resets by itself, or allow more in `[budgets]`"
            }
            _ => "the client asked for a tool, or with arguments, that there are not",
        })
    };
    of_the_gate.or_else(of_the_run).or_else(of_the_request)
}

#[cfg(test)]
mod tests {
    use super::{Failed, Refused, advice};
    use gate::Reason;

    #[test]
    fn there_is_advice_for_every_reason() {
        let codes = Reason::ALL.map(Reason::code).into_iter().chain(Failed::ALL.map(Failed::code));
        for code in codes
            .chain([Refused::OverBudget, Refused::InvalidRequest, Refused::UnknownTable].map(Refused::code))
        {
            assert!(advice(code).is_some(), "{code}");
        }
        assert_eq!(advice("no such reason"), None);
    }
}
