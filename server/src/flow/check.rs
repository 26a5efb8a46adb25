//! Tries everything that the program depends on, and tells all that is wrong with it.

use crate::flow::{Portcullis, Profile, surface};
use crate::model::catalog::Gap;
use crate::store::{health, migrations};
use crate::warehouse;
use std::fmt;
use std::sync::Arc;

/// Something that an operator should mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `store`, or `profiles.support`: where in the configuration to look.
    pub place: String,
    pub severity: Severity,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The program works, though less well than it should.
    Warning,
    /// Something does not work.
    Fault,
}

impl Finding {
    #[must_use]
    pub fn is_fault(&self) -> bool {
        self.severity == Severity::Fault
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Warning => "warning",
            Severity::Fault => "fault",
        };
        write!(f, "{word}: {}: {}", self.place, self.message)
    }
}

/// Tries the store and each profile's way into the warehouse.
pub async fn check(portcullis: &Portcullis) -> Vec<Finding> {
    let mut findings = check_store(portcullis).await;
    for profile in portcullis.profiles() {
        findings.extend(check_profile(profile).await);
    }
    findings
}

pub(super) async fn check_store(portcullis: &Portcullis) -> Vec<Finding> {
    let fault = |message: String| Finding { place: "store".to_owned(), severity: Severity::Fault, message };
    match migrations::pending(portcullis.store()).await {
        Err(error) => return vec![fault(error.to_string())],
        Ok(0) => {}
        Ok(n) => return vec![fault(format!("{n} migration(s) are missing: run `portcullis migrate`"))],
    }
    match health::alterable_record(portcullis.store()).await {
        Err(error) => vec![fault(error.to_string())],
        Ok(relations) if relations.is_empty() => Vec::new(),
        Ok(relations) => {
            let message = format!(
                "the role of `store.url` could alter {}: give it a role that does not own them, and name the owner in \
                 `store.owner_url`",
                relations.join(", "),
            );
            vec![Finding { place: "store.url".to_owned(), severity: Severity::Warning, message }]
        }
    }
}

pub(super) async fn check_profile(profile: &Arc<Profile>) -> Vec<Finding> {
    let finding =
        |severity, message| Finding { place: format!("profiles.{}", profile.name), severity, message };
    let flaws = warehouse::probe(&profile.gateway).await;
    let found = flaws.iter().map(|flaw| {
        let severity = match flaw {
            warehouse::Flaw::PassedOver { .. } => Severity::Warning,
            _ => Severity::Fault,
        };
        finding(severity, flaw.to_string())
    });
    let mut findings: Vec<Finding> = found.collect();
    if flaws.iter().any(|flaw| matches!(flaw, warehouse::Flaw::NoWay(_))) {
        return findings;
    }
    match surface::surface(profile).await {
        Ok(reading) => {
            findings.extend(reading.catalog.gaps.iter().map(|gap| {
                let severity = match gap {
                    Gap::NotLocked { .. } => Severity::Warning,
                    _ => Severity::Fault,
                };
                finding(severity, gap.to_string())
            }));
        }
        Err(fault) => findings.push(finding(Severity::Fault, format!("{fault:#}"))),
    }
    match warehouse::cautions(&profile.gateway, &profile.declared).await {
        Ok(cautions) => {
            findings.extend(cautions.iter().map(|caution| finding(Severity::Warning, caution.to_string())));
        }
        Err(fault) => findings.push(finding(Severity::Fault, format!("{fault:#}"))),
    }
    findings
}
