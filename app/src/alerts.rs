//! What an operator should look at, what is held at this moment, and from where on something is told.

use crate::parts::number::grouped;
use crate::parts::text::line;
use crate::parts::{
    Column, Confirm, Heading, Moment, Paused, PostForm, Role, Section, Shell, Tone, Width, act, chip, empty,
    first, hidden, post_form, section, table, told,
};
use leptos::prelude::*;

/// Alerts that the page shows, the newest.
const OPEN: usize = 30;
const ACKNOWLEDGED: usize = 15;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertsModel {
    pub shell: Shell,
    /// Nobody has looked at these yet; newest first.
    pub open: Vec<AlertRow>,
    /// The last ones that somebody has looked at; newest first.
    pub acknowledged: Vec<Acknowledged>,
    /// What is held now.
    pub pauses: Vec<PauseRow>,
    /// Those of `[alerts]` in the configuration.
    pub thresholds: Vec<Threshold>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    pub id: String,
    pub at: Moment,
    /// In a word or two: `usage`, `profile gained`.
    pub kind: String,
    /// A sentence without a full stop.
    pub text: String,
    /// The calls or events behind it.
    pub href: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    pub alert: AlertRow,
    pub by: String,
    pub at: Moment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseRow {
    /// The words of the store, which are sent back to resume.
    pub kind: String,
    pub key: String,
    /// What is held, for people to read.
    pub subject: String,
    pub paused: Paused,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// `allowed`, `refused`.
    pub decision: String,
    /// `1 h`
    pub window: String,
    pub count: u64,
}

impl AlertsModel {
    #[must_use]
    pub fn sample() -> Self {
        let alert = |id: &str, kind: &str, text: &str| AlertRow {
            id: id.to_owned(),
            at: Moment::sample(),
            kind: kind.to_owned(),
            text: text.to_owned(),
            href: Some("/audit/queries?person=ada".to_owned()),
        };
        let threshold = |decision: &str, window: &str, count| Threshold {
            decision: decision.to_owned(),
            window: window.to_owned(),
            count,
        };
        Self {
            shell: Shell::sample(Section::Alerts),
            open: vec![
                alert("0199", "usage", "`ada` had 61 refused calls within 1 h; the threshold is 50"),
                alert("0198", "profile gained", "`mei` was given the profile `support` by margarete"),
            ],
            acknowledged: vec![Acknowledged {
                alert: alert(
                    "0197",
                    "several profiles",
                    "`ada` holds more than one profile now: analyst, support",
                ),
                by: "margarete".to_owned(),
                at: Moment::sample(),
            }],
            pauses: vec![PauseRow {
                kind: "person".to_owned(),
                key: "0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned(),
                subject: "mei".to_owned(),
                paused: Paused::sample(),
            }],
            thresholds: vec![
                threshold("allowed", "1 h", 50),
                threshold("allowed", "24 h", 150),
                threshold("refused", "1 h", 50),
                threshold("refused", "24 h", 1_500),
            ],
        }
    }

    /// A quiet day.
    #[must_use]
    pub fn sample_empty() -> Self {
        let shell = Shell { open_alerts: 0, ..Shell::sample(Section::Alerts) };
        Self { shell, open: Vec::new(), acknowledged: Vec::new(), pauses: Vec::new(), thresholds: Vec::new() }
    }
}

#[must_use]
pub fn AlertsPage(page: AlertsModel) -> impl IntoView {
    let AlertsModel { shell, open, acknowledged, pauses, thresholds } = page;
    let csrf = shell.csrf.clone();
    // Auditors look and acknowledge; only administrators hold and resume.
    let is_admin = shell.role == Role::Admin;
    let is_all_held = pauses.iter().any(|pause| pause.kind == "everything");
    let everything = (is_admin && !is_all_held).then(|| everything(&csrf));
    let content = view! {
        {Heading::new("Alerts").lead("What somebody should look at, and what is held at this moment.").show()}
        {section("Open", open_list(open, &csrf))}
        {section("Paused now", view! { {pause_list(pauses, &csrf, is_admin)}{everything} })}
        {section("Acknowledged", acknowledged_list(acknowledged))}
        {section("Thresholds", threshold_list(thresholds))}
    };
    shell.around(Width::Wide, content)
}

fn about(alert: &AlertRow) -> AnyView {
    let tone = if alert.kind == "usage" { Tone::Bad } else { Tone::Warning };
    let link = alert.href.clone().map(|href| view! { " · "<a href=href>"look"</a> });
    view! {
        <div>
            <strong>{told(&alert.text, 200)}</strong>
            <p class="quiet">{chip(tone, alert.kind.clone())}" "{alert.at.clone().show()}{link}</p>
        </div>
    }
    .into_any()
}

fn open_list(alerts: Vec<AlertRow>, csrf: &str) -> AnyView {
    if alerts.is_empty() {
        return empty(
            "Nothing to look at",
            "An alert appears when somebody crosses a threshold or gains a profile.",
        );
    }
    let (alerts, more) = first(alerts, OPEN);
    let rows: Vec<_> = alerts
        .into_iter()
        .map(|alert| {
            let form = PostForm::new("/alerts/acknowledge", csrf);
            view! { <li>{about(&alert)}{act(form, "Acknowledge", alert.id)}</li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul>{more} }.into_any()
}

fn acknowledged_list(alerts: Vec<Acknowledged>) -> AnyView {
    if alerts.is_empty() {
        return empty("None yet", "Alerts that somebody has looked at are kept here.");
    }
    let (alerts, more) = first(alerts, ACKNOWLEDGED);
    let rows: Vec<_> = alerts
        .into_iter()
        .map(|Acknowledged { alert, by, at }| {
            let by = format!("by {} ", line(&by, 64));
            view! { <li>{about(&alert)}<span class="quiet">{by}{at.brief()}</span></li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul>{more} }.into_any()
}

fn pause_list(pauses: Vec<PauseRow>, csrf: &str, is_admin: bool) -> AnyView {
    if pauses.is_empty() {
        return view! { <p class="quiet">"Nothing is held."</p> }.into_any();
    }
    let rows: Vec<_> = pauses
        .into_iter()
        .map(|PauseRow { kind, key, subject, paused }| {
            let name = if kind == "everything" { "Everything".to_owned() } else { format!("{kind} {}", line(&subject, 80)) };
            let about = format!(" {name}");
            let resume = is_admin.then(|| {
                let sent = hidden(vec![("kind", kind), ("key", key)]);
                let fields = view! { {sent}<button type="submit">"Resume"<span class="unseen">{about}</span></button> };
                post_form(PostForm::new("/pauses/resume", csrf), fields)
            });
            view! { <li><div><strong>{name}</strong><span class="quiet">{paused.show()}</span></div>{resume}</li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

fn everything(csrf: &str) -> AnyView {
    let confirm = Confirm {
        form: PostForm::new("/pauses/everything", csrf),
        act: "Pause everything",
        about: String::new(),
        ends: "Every statement that runs at this moment is stopped, and every agent of every person is turned away, on \
               every instance, until somebody resumes. Nobody is signed out, and no token is lost."
            .to_owned(),
        yes: "Pause everything now",
        id: None,
    };
    confirm.show()
}

fn threshold_list(thresholds: Vec<Threshold>) -> AnyView {
    if thresholds.is_empty() {
        return empty(
            "No threshold is set",
            view! { "Write them under "<code>"[alerts]"</code>" in the configuration." },
        );
    }
    let columns = [Column::plain("Calls"), Column::text("Within"), Column::number("More than")];
    let rows = thresholds
        .into_iter()
        .map(|Threshold { decision, window, count }| {
            vec![decision.into_any(), window.into_any(), grouped(count).into_any()]
        })
        .collect();
    view! { <div class="fit">{table("Thresholds for one person", &columns, rows)}</div> }.into_any()
}
