//! How much each person's agents read, beside the thresholds that call for attention.

use crate::parts::number::{bytes, grouped};
use crate::parts::text::line;
use crate::parts::{
    Column, Heading, Moment, Order, Section, Shell, Sort, Tone, Width, Window, empty, note, sparkline, table,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageModel {
    pub shell: Shell,
    pub window: Window,
    /// What the rows are sorted by; the rows come sorted.
    pub sort: UsageSort,
    pub order: Order,
    pub rows: Vec<UsageRow>,
    /// How many are shown, where there are more.
    pub shown: String,
    /// Where the list begins, and where it goes on.
    pub first: Option<String>,
    pub next: Option<String>,
    /// Until when calls are counted, where the newest are not yet.
    pub behind: Option<Moment>,
}

/// What usage can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageSort {
    Person,
    Allowed,
    Refused,
    Failed,
    Denied,
    Rows,
    Bytes,
}

impl UsageSort {
    pub const ALL: [Self; 7] =
        [Self::Person, Self::Allowed, Self::Refused, Self::Failed, Self::Denied, Self::Rows, Self::Bytes];

    /// The word in addresses, as `?sort=rows&order=asc`. The order is `desc` unless it is told, for people `asc`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Denied => "denied",
            Self::Rows => "rows",
            Self::Bytes => "bytes",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    pub person: String,
    pub href: String,
    pub figures: UsageFigures,
    /// Calls over the window, oldest first.
    pub trend: Vec<u64>,
}

/// What one person's agents did in one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageFigures {
    pub allowed: Measure,
    pub refused: Measure,
    pub failed: u64,
    pub denied: Measure,
    pub rows: u64,
    pub bytes: u64,
}

/// A count, and the threshold that it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    pub value: u64,
    pub threshold: Option<u64>,
    /// The threshold is reached, as the alerts see it.
    pub is_over: bool,
}

impl Measure {
    fn show(self) -> AnyView {
        let value = grouped(self.value);
        match self.threshold {
            None => value.into_any(),
            Some(threshold) if self.is_over => {
                let told = format!("over {}", grouped(threshold));
                view! { <span class="over">{value}</span><span class="quiet">{told}</span> }.into_any()
            }
            Some(threshold) => {
                let told = format!("of {}", grouped(threshold));
                view! { {value}<span class="quiet">{told}</span> }.into_any()
            }
        }
    }
}

impl UsageFigures {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            allowed: Measure { value: 162, threshold: Some(150), is_over: true },
            refused: Measure { value: 7, threshold: Some(150), is_over: false },
            failed: 2,
            denied: Measure { value: 1, threshold: None, is_over: false },
            rows: 12_345,
            bytes: 3_456_789,
        }
    }

    /// The cells from allowed to bytes.
    pub(crate) fn cells(&self) -> [AnyView; 6] {
        [
            self.allowed.show(),
            self.refused.show(),
            grouped(self.failed).into_any(),
            self.denied.show(),
            grouped(self.rows).into_any(),
            bytes(self.bytes).into_any(),
        ]
    }
}

impl UsageModel {
    #[must_use]
    pub fn sample() -> Self {
        let margarete = UsageRow {
            person: "margarete".to_owned(),
            href: "/usage/margarete".to_owned(),
            figures: UsageFigures::sample(),
            trend: vec![3, 8, 2, 0, 0, 5, 14, 22, 9, 30, 41, 28],
        };
        let grace = UsageRow {
            person: "grace".to_owned(),
            href: "/usage/grace".to_owned(),
            figures: UsageFigures {
                allowed: Measure { value: 41, threshold: Some(150), is_over: false },
                rows: 410,
                bytes: 51_200,
                ..UsageFigures::sample()
            },
            trend: vec![0, 0, 1, 0, 4, 2, 8, 6, 9, 3, 5, 3],
        };
        Self {
            shell: Shell::sample(Section::Usage),
            window: Window::Day,
            sort: UsageSort::Allowed,
            order: Order::Descending,
            rows: vec![margarete, grace],
            shown: "2 of 80 people".to_owned(),
            first: None,
            next: Some("/usage?window=24h&sort=allowed&skip=2".to_owned()),
            behind: None,
        }
    }
}

#[must_use]
pub fn UsagePage(page: UsageModel) -> impl IntoView {
    let UsageModel { shell, window, sort, order, rows, shown, first, next, behind } = page;
    let switch = window.switch(|code| format!("/usage?window={code}&sort={}", sort.code()));
    let sorted = |by: UsageSort| Sort {
        href: sort_href(window, sort, order, by),
        order: (by == sort).then_some(order),
    };
    let columns = [
        Column::plain("Person").sorted(sorted(UsageSort::Person)),
        Column::number("Allowed").sorted(sorted(UsageSort::Allowed)),
        Column::number("Refused").sorted(sorted(UsageSort::Refused)),
        Column::number("Failed").sorted(sorted(UsageSort::Failed)),
        Column::number("Denied").sorted(sorted(UsageSort::Denied)),
        Column::number("Rows").sorted(sorted(UsageSort::Rows)),
        Column::number("Bytes").sorted(sorted(UsageSort::Bytes)),
        Column::text("Trend"),
    ];
    let list = if rows.is_empty() {
        empty("No agent has read anything in this time", "Choose a longer one, or wait until somebody asks.")
    } else {
        table("Usage of each person", &columns, rows.into_iter().map(cells).collect())
    };
    let lead = format!("What each person's agents did in {}.", window.words());
    let behind = behind.map(|until| {
        note(
            Tone::Warning,
            view! { "Many calls came in at once; those after "{until.show()}" are not counted yet." },
        )
    });
    let pages = (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages of this list">
                <p class="quiet">{shown}</p>
                {first.map(|href| view! { <a class="button" href=href>"First"</a> })}
                {next.map(|href| view! { <a class="button" rel="next" href=href>"Next"</a> })}
            </nav>
        }
    });
    shell.around(Width::Wide, view! { {Heading::new("Usage").lead(lead).with(switch)}{behind}{list}{pages} })
}

/// The same column once more turns the order round.
fn sort_href(window: Window, sort: UsageSort, order: Order, by: UsageSort) -> String {
    let order = match (by == sort, order) {
        (true, Order::Descending) => "&order=asc",
        (true, Order::Ascending) => "&order=desc",
        (false, _) => "",
    };
    format!("/usage?window={}&sort={}{order}", window.code(), by.code())
}

fn cells(row: UsageRow) -> Vec<AnyView> {
    let trend = sparkline(&row.trend, &format!("Calls of {}", line(&row.person, 64)), Tone::Accent);
    let name = view! { <a href=row.href>{line(&row.person, 64)}</a> }.into_any();
    std::iter::once(name).chain(row.figures.cells()).chain([trend]).collect()
}

#[cfg(test)]
mod tests {
    use super::{UsageModel, UsagePage};
    use leptos::prelude::*;

    #[test]
    fn a_threshold_that_is_reached_is_told_in_words() {
        let html = Owner::new().with(|| UsagePage(UsageModel::sample()).to_html());
        assert!(html.contains("over 150") && html.contains("of 150"), "{html}");
    }

    #[test]
    fn sorting_once_more_turns_the_order_round() {
        let html = Owner::new().with(|| UsagePage(UsageModel::sample()).to_html());
        assert!(html.contains("sort=allowed&amp;order=asc") && html.contains("sort=rows\""), "{html}");
    }
}
