//! Notices when the warehouse drifts from its declaration while the program runs. It only tells: nothing is changed.

use crate::flow::alert::{Occasion, raise};
use crate::flow::doctor::{Examined, examine};
use crate::flow::{Failure, Portcullis, happened};
use crate::model::alert::AlertKind;
use crate::model::drift::{Finding, FindingKind, Light};
use crate::model::profile::ProfileName;
use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::timeout;

const EVERY: Duration = Duration::from_mins(10);
/// How long the store may take to keep an alert; one that went away without a word must not end the watch.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many names stand in an alert; the doctor tells them all.
const A_FEW: usize = 10;

/// One drift, as it is told apart from the next.
type Drift = (ProfileName, FindingKind, String);

/// What was seen when we last looked.
#[derive(Debug, Default)]
pub struct Watch(BTreeSet<Drift>);

/// Looks every ten minutes, a little earlier or later, so that many instances do not look at once.
pub async fn keep_looking(portcullis: Portcullis, mut watch: Watch) {
    loop {
        tokio::time::sleep(wait(&portcullis)).await;
        let examined = examine(&portcullis).await;
        match timeout(PATIENCE, watch.notice(&portcullis, &examined)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a drift of the warehouse cannot be kept as an alert"),
            Err(_elapsed) => tracing::warn!("the store did not keep an alert of a drift in its time"),
        }
    }
}

/// Nine to eleven minutes.
fn wait(portcullis: &Portcullis) -> Duration {
    let jitter = portcullis.rng().bytes::<2>().map_or(0, u16::from_be_bytes);
    EVERY.mul_f64(0.9 + 0.2 * f64::from(jitter) / f64::from(u16::MAX))
}

impl Watch {
    /// Raises one alert for each profile that drifted since the last look. The same drift on the same day is told once,
    /// whichever instance sees it first.
    pub async fn notice(&mut self, portcullis: &Portcullis, examined: &[Examined]) -> Result<(), Failure> {
        let mut seen: BTreeSet<Drift> = BTreeSet::new();
        for Examined { profile, findings, .. } in examined {
            // Where nobody gets in there is nothing to see; what was seen before stays known.
            if findings.iter().any(|finding| finding.kind == FindingKind::NoWayIn) {
                seen.extend(self.0.iter().filter(|drift| drift.0 == *profile).cloned());
                continue;
            }
            let is_drift = |finding: &&Finding| finding.light == Light::Red || finding.kind.is_about_grants();
            let drifts: BTreeSet<Drift> = findings
                .iter()
                .filter(is_drift)
                .map(|finding| (profile.clone(), finding.kind, finding.subject.clone()))
                .collect();
            let new: Vec<&Drift> = drifts.difference(&self.0).collect();
            if !new.is_empty() {
                tell(portcullis, profile, &new).await?;
            }
            seen.extend(drifts);
        }
        self.0 = seen;
        Ok(())
    }
}

async fn tell(portcullis: &Portcullis, profile: &ProfileName, new: &[&Drift]) -> Result<(), Failure> {
    let at = portcullis.now();
    let names: Vec<String> =
        new.iter().map(|(_, kind, subject)| format!("{} {subject}", kind.code())).collect();
    let digest = HEXLOWER.encode(&Sha256::digest(names.join("\n")));
    let shown = names.iter().take(A_FEW).map(String::as_str).collect::<Vec<_>>().join(", ");
    let occasion = Occasion {
        kind: AlertKind::Drift,
        key: format!("{profile}/{digest}/{}", at.date()),
        person_id: None,
        subject: profile.as_str(),
        detail: json!({ "drift": shown, "count": names.len() }),
    };
    let mut transaction = happened::begin(portcullis).await?;
    let raised = raise(portcullis, &mut transaction, at, occasion).await?;
    happened::commit(transaction).await?;
    raised.tell();
    Ok(())
}
