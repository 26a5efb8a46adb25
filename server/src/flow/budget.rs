//! Budgets: what a call costs is written down before it is done, and what it read once it is.

use crate::flow::alert::{Occasion, Raised, raise};
use crate::flow::authenticate::Principal;
use crate::flow::{Failure, Portcullis, Profile, happened};
use crate::model::alert::AlertKind;
use crate::model::budget::{Budget, Force, OverBudget, Used};
use crate::model::outcome::Outcome;
use crate::model::tripwire::window_began;
use crate::store::budgets::{self, Lease, Spending};
use crate::store::{StoreError, assignments};
use humantime::format_duration;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How much longer than its statement a lease lives, should nobody return it.
const SPARE: Duration = Duration::from_mins(1);

/// A call that counts against budgets.
pub(super) struct Bill {
    person_id: Uuid,
    profile: Arc<Profile>,
    attempt: Uuid,
    /// Whether a statement is asked for, which reads rows and takes its time.
    is_statement: bool,
}

impl Bill {
    /// `None` where the profile has no budgets; then nothing is asked of the store.
    pub(super) fn open(principal: &Principal, attempt: Uuid, is_statement: bool) -> Option<Self> {
        let profile = principal.profile();
        (!profile.budgets.is_empty()).then(|| Self {
            person_id: principal.holder().person_id,
            profile: Arc::clone(profile),
            attempt,
            is_statement,
        })
    }

    /// Counts the call, and tells which budget it goes beyond.
    pub(super) async fn charge(&self, portcullis: &Portcullis) -> Result<Option<OverBudget>, StoreError> {
        let now = portcullis.now();
        let Profile { budgets, timeouts, .. } = self.profile.as_ref();
        let lease = self.lease(Some(now + timeouts.statement + SPARE));
        let windows = budgets.windows(now);
        let spending = Spending { calls: 1, lease, ..self.spending(&windows, now) };
        let spent = budgets::spend(portcullis.store(), &spending).await?;
        Ok(budgets.over(&spent.used).or_else(|| {
            lease.filter(|_| !spent.is_leased).map(|lease| OverBudget::AtOnce { most: lease.most })
        }))
    }

    /// Counts what was read, and returns the lease.
    pub(super) async fn settle(&self, portcullis: &Portcullis, outcome: &Outcome) -> Result<(), StoreError> {
        let lease = self.lease(None);
        let (rows, bytes) = (outcome.row_count, outcome.byte_count);
        if !self.is_statement || (lease.is_none() && rows == 0 && bytes == 0) {
            return Ok(());
        }
        let now = portcullis.now();
        let windows = self.profile.budgets.windows(now);
        let spending = Spending { rows, bytes, lease, ..self.spending(&windows, now) };
        budgets::spend(portcullis.store(), &spending).await?;
        Ok(())
    }

    fn lease(&self, until: Option<OffsetDateTime>) -> Option<Lease> {
        let most = self.profile.budgets.concurrent.filter(|_| self.is_statement)?;
        Some(Lease { attempt: self.attempt, most, until })
    }

    fn spending<'a>(
        &'a self,
        windows: &'a [(Duration, OffsetDateTime)],
        now: OffsetDateTime,
    ) -> Spending<'a> {
        let (person_id, profile) = (self.person_id, self.profile.name.as_str());
        Spending { person_id, profile, windows, calls: 0, rows: 0, bytes: 0, lease: None, now }
    }
}

/// One budget, and what a person has used of it.
#[derive(Debug, Clone)]
pub struct Standing {
    pub profile: String,
    pub budget: Budget,
    pub used: Used,
}

/// How the budgets of every profile that a person holds stand.
pub async fn standings(portcullis: &Portcullis, person_id: Uuid) -> Result<Vec<Standing>, Failure> {
    let has_budgets = |profile: &&Arc<Profile>| !profile.budgets.budgets.is_empty();
    let mut profiles: Vec<_> = portcullis.profiles().filter(has_budgets).collect();
    if profiles.is_empty() {
        return Ok(Vec::new());
    }
    let held = assignments::of_person(portcullis.store(), person_id).await?;
    profiles.retain(|profile| held.iter().any(|name| name == profile.name.as_str()));
    let kept = budgets::of_person(portcullis.store(), person_id).await?;
    let now = portcullis.now();
    let mut standings = Vec::new();
    for profile in profiles {
        let name = profile.name.as_str();
        for (window, began_at) in profile.budgets.windows(now) {
            let is_running = |used: &Used| used.window == window && used.began_at == began_at;
            let running = kept.iter().find(|(profile, used)| profile == name && is_running(used));
            let none = Used { window, began_at, calls: 0, rows: 0, bytes: 0 };
            let used = running.map_or(none, |(_, used)| *used);
            let of_window = profile.budgets.budgets.iter().filter(|budget| budget.window == window);
            standings.extend(of_window.map(|&budget| Standing { profile: name.to_owned(), budget, used }));
        }
    }
    Ok(standings)
}

/// Raises what nobody has raised before about soft budgets that are reached.
pub(super) async fn watch(portcullis: &Portcullis) -> Result<(), Failure> {
    for profile in portcullis.profiles() {
        for budget in profile.budgets.of(Force::Soft) {
            reached(portcullis, profile, budget).await?;
        }
    }
    Ok(())
}

async fn reached(portcullis: &Portcullis, profile: &Profile, budget: &Budget) -> Result<(), Failure> {
    let now = portcullis.now();
    let Budget { measured, window, most, .. } = *budget;
    let began_at = window_began(window, now);
    let name = profile.name.as_str();
    let crossed = budgets::crossed(portcullis.store(), name, (window, began_at), measured, most).await?;
    for person in crossed {
        let (id, word) = (person.person_id, measured.word());
        let occasion = Occasion {
            kind: AlertKind::Budget,
            key: format!("{id}/{name}/{word}/{}/{}", window.as_secs(), began_at.unix_timestamp()),
            person_id: Some(id),
            subject: &person.person,
            detail: json!({
                "profile": name,
                "measured": word,
                "window": format_duration(window).to_string(),
                "budget": most,
                "used": person.used,
            }),
        };
        let mut transaction = happened::begin(portcullis).await?;
        let raised = raise(portcullis, &mut transaction, now, occasion).await?;
        happened::commit(transaction).await?;
        Raised::tell(raised);
    }
    Ok(())
}
