//! How the budgets of a person stand.

use super::chip::{Tone, chip};
use super::moment::Moment;
use super::number::{bytes, grouped};
use super::table::{Column, table};
use super::text::line;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetRow {
    pub profile: String,
    pub measured: Spent,
    /// `1h`
    pub window: String,
    pub used: u64,
    pub most: u64,
    /// Whether more than that is refused, not told alone.
    pub is_hard: bool,
    pub resets: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    Calls,
    Rows,
    Bytes,
}

#[must_use]
pub fn budgets(rows: Vec<BudgetRow>) -> AnyView {
    let columns = [
        Column::plain("Profile"),
        Column::plain("Budget"),
        Column::number("Used"),
        Column::number("Of"),
        Column::plain("Beyond it"),
        Column::plain("Resets"),
    ];
    table("Budgets", &columns, rows.into_iter().map(cells).collect())
}

fn cells(row: BudgetRow) -> Vec<AnyView> {
    let (noun, shown): (_, fn(u64) -> String) = match row.measured {
        Spent::Calls => ("calls", grouped),
        Spent::Rows => ("rows", grouped),
        Spent::Bytes => ("bytes", bytes),
    };
    let is_reached = row.used >= row.most;
    let force = match (row.is_hard, is_reached) {
        (true, true) => chip(Tone::Bad, "refused until then"),
        (true, false) => "refused".into_any(),
        (false, true) => chip(Tone::Warning, "alerted"),
        (false, false) => "alerted".into_any(),
    };
    vec![
        line(&row.profile, 64).into_any(),
        format!("{noun} within {}", row.window).into_any(),
        shown(row.used).into_any(),
        shown(row.most).into_any(),
        force,
        row.resets.brief(),
    ]
}

#[cfg(test)]
mod tests {
    use super::{BudgetRow, Spent, budgets};
    use crate::parts::Moment;
    use leptos::prelude::*;

    #[test]
    fn a_hard_budget_that_is_used_up_says_so() {
        let row = |used, is_hard| BudgetRow {
            profile: "analyst".to_owned(),
            measured: Spent::Calls,
            window: "1h".to_owned(),
            used,
            most: 500,
            is_hard,
            resets: Moment::sample(),
        };
        let html = |row| Owner::new().with(|| budgets(vec![row]).to_html());
        assert!(html(row(500, true)).contains("refused until then"));
        assert!(!html(row(499, true)).contains("until then"));
        assert!(html(row(500, false)).contains("alerted"));
    }
}
