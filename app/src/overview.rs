//! The first page of an operator: who read how much, what was refused, and whether anything is wrong.

use crate::parts::number::{bytes, duration_us, grouped, percent};
use crate::parts::text::line;
use crate::parts::{
    Bucket, CallRow, Heading, Moment, Ranked, Section, Shell, Stat, Tone, Width, Window, calls, chip, empty,
    ranking, section, stacked, told,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewModel {
    pub shell: Shell,
    /// What all figures below are told for.
    pub window: Window,
    pub figures: OverviewFigures,
    /// Calls over the window, oldest first.
    pub calls: Vec<Bucket>,
    /// How long calls took; `None` where there were none.
    pub latency: Option<Latency>,
    /// What was read most.
    pub relations: Vec<Ranked>,
    /// Who asked most.
    pub people: Vec<Ranked>,
    /// The latest refusals, newest first, whatever the window.
    pub refusals: Vec<CallRow>,
    /// Alerts that nobody has acknowledged, newest first.
    pub alerts: Vec<AlertLine>,
    pub health: Vec<HealthLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewFigures {
    pub calls: Figure,
    pub refusals: Figure,
    pub failures: Figure,
    pub denials: Figure,
    pub rows: Figure,
    pub bytes: Figure,
    /// Different people whose agents asked.
    pub people: Figure,
}

/// A figure of the window, and how it came about, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub total: u64,
    pub trend: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    pub p50_us: u64,
    pub p95_us: u64,
    pub p99_us: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertLine {
    pub text: String,
    pub at: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Good,
    Warning,
    Fault,
    NotChecked,
}

/// One part that can be well or not: the store, a profile's warehouse, roles and grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthLine {
    pub name: String,
    pub health: Health,
    /// What was found, or why nothing was.
    pub words: String,
}

impl HealthLine {
    fn new(name: &str, health: Health, words: &str) -> Self {
        Self { name: name.to_owned(), health, words: words.to_owned() }
    }
}

impl OverviewModel {
    #[must_use]
    pub fn sample() -> Self {
        let figure =
            |total: u64, step: u64| Figure { total, trend: (0..24).map(|n| n * step % 17 + n % 5).collect() };
        let people = [("margarete", 162), ("grace", 41), ("ada", 12)].map(|(name, count)| Ranked {
            name: name.to_owned(),
            count,
            href: format!("/usage/{name}"),
        });
        Self {
            shell: Shell::sample(Section::Overview),
            window: Window::Day,
            figures: OverviewFigures {
                calls: figure(1_284, 7),
                refusals: figure(31, 3),
                failures: figure(4, 2),
                denials: figure(2, 1),
                rows: figure(48_210, 5),
                bytes: figure(7_340_032, 11),
                people: figure(3, 1),
            },
            calls: Bucket::samples(),
            latency: Some(Latency { p50_us: 4_200, p95_us: 38_000, p99_us: 412_000 }),
            relations: Ranked::samples(),
            people: people.to_vec(),
            refusals: CallRow::samples().into_iter().skip(1).take(1).collect(),
            alerts: vec![AlertLine {
                text: "`margarete` had 162 allowed calls within 24 h; the threshold is 150".to_owned(),
                at: Moment::sample(),
            }],
            health: vec![
                HealthLine::new("Store", Health::Good, "answers within 2 ms, migrated"),
                HealthLine::new("Warehouse, profile support", Health::Good, "answers within 3 ms"),
                HealthLine::new(
                    "Warehouse, profile analyst",
                    Health::Fault,
                    "the login is refused: its password is wrong",
                ),
                HealthLine::new("Roles and grants", Health::NotChecked, "nobody has compared them yet"),
                HealthLine::new(
                    "Seals of the record",
                    Health::Good,
                    "1,284 rows sealed, 1 s behind; the last checkpoint, of 2 March 2026, 09:00, is signed by key 56475aa75463; \
                     verified 1 March 2026, 18:30: every row was as it was sealed",
                ),
            ],
        }
    }

    /// The first day: nobody has asked anything.
    #[must_use]
    pub fn sample_empty() -> Self {
        let none = || Figure { total: 0, trend: Vec::new() };
        Self {
            shell: Shell { open_alerts: 0, ..Shell::sample(Section::Overview) },
            figures: OverviewFigures {
                calls: none(),
                refusals: none(),
                failures: none(),
                denials: none(),
                rows: none(),
                bytes: none(),
                people: none(),
            },
            calls: Vec::new(),
            latency: None,
            relations: Vec::new(),
            people: Vec::new(),
            refusals: Vec::new(),
            alerts: Vec::new(),
            ..Self::sample()
        }
    }
}

#[must_use]
pub fn OverviewPage(page: OverviewModel) -> impl IntoView {
    let switch = page.window.switch(|code| format!("/?window={code}"));
    let lead = format!("What agents did in {}.", page.window.words());
    let is_quiet = page.figures.calls.total == 0;
    let over_time = if is_quiet {
        empty(
            "No agent has asked anything in this time",
            view! { "Connect one under "<a href="/account">"Account"</a>", or choose a longer time." },
        )
    } else {
        stacked(&page.calls, "Calls over the time shown")
    };
    let refusals = if page.refusals.is_empty() {
        empty("Nothing was refused yet", "What the gate turns down appears here, with the reason.")
    } else {
        calls("Latest refusals", page.refusals)
    };
    let content = view! {
        {Heading::new("Overview").lead(lead).with(switch)}
        {alerts(page.alerts)}
        <div class="stats">{stats(page.figures, page.latency)}</div>
        {section("Calls", over_time)}
        <div class="halves">
            {section("Read most", ranking("Relations by calls", "Relation", "Calls", page.relations))}
            {section("Who asked most", ranking("People by calls", "Person", "Calls", page.people))}
        </div>
        {section("Latest refusals", refusals)}
        {section("Health", health(page.health))}
    };
    page.shell.around(Width::Wide, content)
}

fn alerts(lines: Vec<AlertLine>) -> Option<AnyView> {
    let rows: Vec<_> = lines
        .into_iter()
        .map(|alert| view! { <li><div><span>{told(&alert.text, 300)}</span></div><span class="quiet">{alert.at.brief()}</span></li> })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="alarm"><h2>"Open alerts"</h2><ul class="rows">{rows}</ul><p><a href="/alerts">"Look at all of them"</a></p></section>
        }
        .into_any()
    })
}

fn stats(figures: OverviewFigures, latency: Option<Latency>) -> Vec<AnyView> {
    let total = figures.calls.total;
    let stat = |label: &'static str, figure: Figure, tone: Tone, href: &str| Stat {
        label,
        value: grouped(figure.total),
        note: None,
        trend: figure.trend,
        href: Some(href.to_owned()),
        tone,
    };
    let share = |part: u64| (total > 0).then(|| format!("{} of all calls", percent(part, total)));
    let (refused, failed, read) = (figures.refusals.total, figures.failures.total, figures.bytes.total);
    // A line breaks between the two, not within one.
    let whole = |name: &str, us| format!("{name} {}", duration_us(us)).replace(' ', "\u{a0}");
    let (median, rest) = match latency {
        Some(Latency { p50_us, p95_us, p99_us }) => {
            (duration_us(p50_us), format!("{} · {}", whole("p95", p95_us), whole("p99", p99_us)))
        }
        None => ("–".to_owned(), "no calls to tell from".to_owned()),
    };
    let latency = Stat {
        label: "Median time of a call",
        value: median,
        note: Some(rest),
        trend: Vec::new(),
        href: None,
        tone: Tone::Plain,
    };
    [
        stat("Calls", figures.calls, Tone::Accent, "/audit/queries"),
        Stat {
            note: share(refused),
            ..stat("Refusals", figures.refusals, Tone::Bad, "/audit/queries?decision=refused")
        },
        Stat {
            note: share(failed),
            ..stat("Failures", figures.failures, Tone::Warning, "/audit/queries?decision=failed")
        },
        stat("Denials", figures.denials, Tone::Bad, "/audit/denials"),
        stat("Rows answered", figures.rows, Tone::Good, "/usage"),
        Stat { value: bytes(read), ..stat("Bytes answered", figures.bytes, Tone::Good, "/usage") },
        stat("People", figures.people, Tone::Plain, "/usage"),
    ]
    .into_iter()
    .chain([latency])
    .map(Stat::show)
    .collect()
}

fn health(lines: Vec<HealthLine>) -> AnyView {
    let rows: Vec<_> = lines
        .into_iter()
        .map(|one| {
            let (tone, word) = match one.health {
                Health::Good => (Tone::Good, "ok"),
                Health::Warning => (Tone::Warning, "warning"),
                Health::Fault => (Tone::Bad, "fault"),
                Health::NotChecked => (Tone::Plain, "not checked"),
            };
            view! {
                <li><div><strong>{line(&one.name, 100)}</strong><span class="quiet">{told(&one.words, 400)}</span></div>{chip(tone, word)}</li>
            }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}
