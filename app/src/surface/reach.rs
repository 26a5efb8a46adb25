//! What the role of a profile can reach in the warehouse itself, whatever the gate says.

use crate::parts::{Statement, Tone, chip, note, sql_text, told};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    NotChecked,
    /// Checked; without findings the role reaches what is declared and nothing else.
    Checked {
        findings: Vec<Finding>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// What is wrong, in the words of the command line: `extra grant`.
    pub kind: String,
    pub text: String,
    /// The statement for the owner of the warehouse that puts it right.
    pub sql: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The role reaches more than it should, or what it reaches is not what it was.
    Fault,
    Warning,
    /// Something that is declared is lacking.
    Gap,
}

impl Reach {
    pub(super) fn sample() -> Self {
        let wide = Finding {
            severity: Severity::Fault,
            kind: "extra grant".to_owned(),
            text: "the role can read `public.employees`, which is not declared".to_owned(),
            sql: Some("revoke select on public.employees from portcullis_analyst;".to_owned()),
        };
        let gap = Finding {
            severity: Severity::Gap,
            kind: "missing grant".to_owned(),
            text: "the role may not read `public.returns`, which is declared".to_owned(),
            sql: Some("grant select on public.returns to portcullis_analyst;".to_owned()),
        };
        Self::Checked { findings: vec![wide, gap] }
    }

    pub(super) fn show(self) -> AnyView {
        match self {
            Self::NotChecked => note(
                Tone::Plain,
                "Not checked. What the role was granted in the warehouse may be more than what stands above.",
            ),
            Self::Checked { findings } if findings.is_empty() => {
                note(Tone::Good, "Checked: the role reaches what stands above, and nothing else.")
            }
            Self::Checked { findings } => {
                let findings: Vec<_> = findings.into_iter().map(Finding::show).collect();
                view! { <ul class="rows">{findings}</ul> }.into_any()
            }
        }
    }
}

impl Finding {
    fn show(self) -> AnyView {
        let tone = match self.severity {
            Severity::Fault => Tone::Bad,
            Severity::Warning => Tone::Warning,
            Severity::Gap => Tone::Plain,
        };
        let sql = self.sql.map(|sql| sql_text(Statement { sql, whole: None }));
        view! { <li><div><p>{chip(tone, self.kind)}" "{told(&self.text, 400)}</p>{sql}</div></li> }.into_any()
    }
}
