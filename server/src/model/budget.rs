//! Budgets: how much one person may read through one profile within a window. A soft one raises an alert, a hard one
//! refuses until its window is over.
//!
//! Windows are fixed: they begin at whole multiples of their length since 1970, so that all instances agree.

use crate::model::tripwire::window_began;
use humantime::format_duration;
use std::fmt;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The budgets of one profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budgets {
    pub budgets: Vec<Budget>,
    /// Statements of one person at once.
    pub concurrent: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    pub force: Force,
    pub measured: Measured,
    pub window: Duration,
    pub most: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// Reaching it raises an alert.
    Soft,
    /// What goes beyond it is refused.
    Hard,
}

impl Force {
    pub const ALL: [Self; 2] = [Self::Soft, Self::Hard];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// Of every tool, refused ones too.
    Calls,
    Rows,
    Bytes,
}

impl Measured {
    pub const ALL: [Self; 3] = [Self::Calls, Self::Rows, Self::Bytes];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Rows => "rows",
            Self::Bytes => "bytes",
        }
    }
}

/// What was used within one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    pub window: Duration,
    pub began_at: OffsetDateTime,
    pub calls: u64,
    pub rows: u64,
    pub bytes: u64,
}

impl Used {
    #[must_use]
    pub const fn of(&self, measured: Measured) -> u64 {
        match measured {
            Measured::Calls => self.calls,
            Measured::Rows => self.rows,
            Measured::Bytes => self.bytes,
        }
    }

    #[must_use]
    pub fn resets_at(&self) -> OffsetDateTime {
        self.began_at + self.window
    }
}

/// A budget that is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverBudget {
    Within {
        budget: Budget,
        used: u64,
        resets_at: OffsetDateTime,
    },
    /// As many statements as may be are at work.
    AtOnce {
        most: u32,
    },
}

impl Budgets {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.budgets.is_empty() && self.concurrent.is_none()
    }

    pub fn of(&self, force: Force) -> impl Iterator<Item = &Budget> {
        self.budgets.iter().filter(move |budget| budget.force == force)
    }

    /// The length of each window, and when the running one began.
    #[must_use]
    pub fn windows(&self, now: OffsetDateTime) -> Vec<(Duration, OffsetDateTime)> {
        let mut lengths: Vec<Duration> = self.budgets.iter().map(|budget| budget.window).collect();
        lengths.sort_unstable();
        lengths.dedup();
        lengths.into_iter().map(|length| (length, window_began(length, now))).collect()
    }

    /// The hard budget that one more call goes beyond, where `used` counts that call already: of several, the one that
    /// resets last.
    #[must_use]
    pub fn over(&self, used: &[Used]) -> Option<OverBudget> {
        let over = self.of(Force::Hard).filter_map(|budget| {
            let used = used.iter().find(|used| used.window == budget.window)?;
            let count = used.of(budget.measured);
            let is_over = match budget.measured {
                Measured::Calls => count > budget.most,
                // How much a call reads is known afterwards alone, so the last one may go beyond.
                Measured::Rows | Measured::Bytes => count >= budget.most,
            };
            is_over.then(|| (used.resets_at(), *budget, count))
        });
        let (resets_at, budget, used) = over.max_by_key(|(resets_at, ..)| *resets_at)?;
        Some(OverBudget::Within { budget, used, resets_at })
    }
}

impl OverBudget {
    /// When the budget begins anew, where time alone decides that.
    #[must_use]
    pub fn resets_at(&self) -> Option<String> {
        match self {
            Self::Within { resets_at, .. } => resets_at.format(&Rfc3339).ok(),
            Self::AtOnce { .. } => None,
        }
    }

    /// Which budget, for the record.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::Within { budget, .. } => {
                format!("{} within {}", budget.measured.word(), format_duration(budget.window))
            }
            Self::AtOnce { .. } => "statements at once".to_owned(),
        }
    }
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within { budget, used, .. } => {
                write!(f, "the budget of {} {} is used up: {used} so far", budget.most, self.subject())?;
                match self.resets_at() {
                    Some(at) => write!(f, "; it resets at {at}"),
                    None => Ok(()),
                }
            }
            Self::AtOnce { most } => write!(f, "as many statements are at work as may be at once: {most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Budgets, Force, Measured, Used};
    use std::time::Duration;
    use time::OffsetDateTime;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-02 03:10 UTC);

    fn budget(measured: Measured, hours: u64, most: u64) -> Budget {
        Budget { force: Force::Hard, measured, window: Duration::from_hours(hours), most }
    }

    fn used(budgets: &Budgets, calls: u64, rows: u64) -> Vec<Used> {
        let of = |(window, began_at)| Used { window, began_at, calls, rows, bytes: 0 };
        budgets.windows(NOW).into_iter().map(of).collect()
    }

    #[test]
    fn the_last_call_of_a_budget_passes_and_the_next_does_not() {
        let budgets = Budgets { budgets: vec![budget(Measured::Calls, 1, 10)], concurrent: None };
        assert_eq!(budgets.over(&used(&budgets, 10, 0)), None);
        let over = budgets.over(&used(&budgets, 11, 0)).unwrap();
        assert_eq!(
            over.to_string(),
            "the budget of 10 calls within 1h is used up: 11 so far; it resets at 2026-01-02T04:00:00Z"
        );
    }

    #[test]
    fn rows_that_are_used_up_end_reading() {
        let budgets = Budgets { budgets: vec![budget(Measured::Rows, 1, 10)], concurrent: None };
        assert_eq!(budgets.over(&used(&budgets, 1, 9)), None);
        assert!(budgets.over(&used(&budgets, 1, 10)).is_some());
    }

    #[test]
    fn the_budget_that_resets_last_is_told() {
        let budgets = Budgets {
            budgets: vec![budget(Measured::Calls, 24, 5), budget(Measured::Calls, 1, 5)],
            concurrent: None,
        };
        let over = budgets.over(&used(&budgets, 6, 0)).unwrap();
        assert_eq!(over.resets_at().as_deref(), Some("2026-01-03T00:00:00Z"));
    }

    #[test]
    fn a_soft_budget_refuses_nobody() {
        let soft = Budget { force: Force::Soft, ..budget(Measured::Calls, 1, 1) };
        let budgets = Budgets { budgets: vec![soft], concurrent: None };
        assert_eq!(budgets.over(&used(&budgets, 99, 0)), None);
    }
}
