//! Compares what each profile declares with what is granted, and on somebody's word makes the two the same.
//!
//! Invariant: nothing but [`apply`] changes a right in the warehouse.

use crate::flow::doctor::{self, Examined};
use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis, Warehouse, surface};
use crate::model::drift::{Finding, Mend, findings};
use crate::model::event::EventKind;
use crate::model::view::Views;
use crate::model::warehouse::WarehouseName;
use crate::warehouse::{Changes, Fault, MarkFailed, NotSaid};
use serde_json::json;

/// What was done, and what is left for an administrator of the warehouse.
#[derive(Debug)]
pub struct Applied {
    /// In the order in which they were said.
    pub statements: Vec<String>,
    pub left: Vec<Examined>,
}

#[derive(Debug, thiserror::Error)]
pub enum NotApplied {
    #[error("there is no `{}.admin_url` in the configuration", .0.key())]
    NoAdministrator(WarehouseName),
    #[error("the warehouse cannot be changed: {0:#}")]
    Fault(Fault),
    #[error(transparent)]
    NotSaid(#[from] NotSaid),
    /// A grant of somebody else, or an administrator with too few rights: PostgreSQL only warns of that.
    #[error(
        "nothing was changed, because the difference would remain: {statement}; is `{}.admin_url` the owner?",
        .warehouse.key()
    )]
    Unchanged { warehouse: WarehouseName, statement: String },
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<MarkFailed> for NotApplied {
    fn from(failed: MarkFailed) -> Self {
        match failed {
            MarkFailed::Fault(fault) => Self::Fault(fault),
            MarkFailed::NotSaid(not_said) => Self::NotSaid(not_said),
        }
    }
}

/// The difference, for every profile; those without one included.
pub async fn compare(portcullis: &Portcullis) -> Vec<Examined> {
    doctor::examine(portcullis).await.into_iter().map(about_grants).collect()
}

/// Makes one warehouse what its profiles declare, as far as grants to their own roles go, in one transaction.
pub async fn apply(
    portcullis: &Portcullis,
    warehouse: &Warehouse,
    actor: &str,
) -> Result<Applied, NotApplied> {
    let Some(administrator) = &warehouse.administrator else {
        return Err(NotApplied::NoAdministrator(warehouse.name.clone()));
    };
    let mut changes = administrator.begin().await.map_err(NotApplied::Fault)?;
    let before = look(portcullis, warehouse, &mut changes).await?;
    let mut statements: Vec<String> = Vec::new();
    for statement in before.iter().flat_map(mending) {
        // Two findings about one relation may have the same cure.
        if !statements.contains(statement) {
            statements.push(statement.clone());
        }
    }
    read_conditions(portcullis, warehouse, &mut changes, &statements).await?;
    for statement in &statements {
        changes.say(statement).await?;
    }
    if !statements.is_empty() {
        for profile in portcullis.profiles_of(warehouse) {
            let marks = changes.mark(&profile.views, &statements).await?;
            statements.extend(marks);
        }
    }
    let left = if statements.is_empty() { before } else { look(portcullis, warehouse, &mut changes).await? };
    if let Some(statement) = left.iter().flat_map(mending).next() {
        let (warehouse, statement) = (warehouse.name.clone(), statement.clone());
        return Err(NotApplied::Unchanged { warehouse, statement });
    }
    if !statements.is_empty() {
        record(portcullis, warehouse, actor, &statements).await?;
        changes.commit().await.map_err(NotApplied::Fault)?;
        for profile in portcullis.profiles_of(warehouse) {
            surface::forget(profile).await;
        }
    }
    Ok(Applied { statements, left })
}

/// Nothing is made of a condition before PostgreSQL has read it as one.
async fn read_conditions(
    portcullis: &Portcullis,
    warehouse: &Warehouse,
    changes: &mut Changes,
    statements: &[String],
) -> Result<(), NotSaid> {
    for Views { schema, views, .. } in portcullis.profiles_of(warehouse).map(|profile| &profile.views) {
        for view in views.iter().filter(|view| statements.contains(&view.create(schema))) {
            changes.reads(view).await?;
        }
    }
    Ok(())
}

/// Before the commit: a right that changed unrecorded would be worse than a record of one that did not.
async fn record(
    portcullis: &Portcullis,
    warehouse: &Warehouse,
    actor: &str,
    statements: &[String],
) -> Result<(), Failure> {
    let at = portcullis.now();
    let event = Happened {
        kind: EventKind::GrantsApplied,
        actor,
        person_id: None,
        subject: warehouse.name.to_string(),
        detail: json!({ "statements": statements }),
    };
    let mut transaction = happened::begin(portcullis).await?;
    happened::record(portcullis, &mut transaction, at, event).await?;
    happened::commit(transaction).await
}

async fn look(
    portcullis: &Portcullis,
    warehouse: &Warehouse,
    changes: &mut Changes,
) -> Result<Vec<Examined>, NotApplied> {
    let mut examined = Vec::new();
    for profile in portcullis.profiles_of(warehouse) {
        let roles = profile.gateway.roles();
        let reach =
            changes.reach(roles, &profile.declared, &profile.views).await.map_err(NotApplied::Fault)?;
        examined.push(about_grants(profile.examined(findings(&reach, profile.wanted()))));
    }
    Ok(examined)
}

/// Where nobody gets in, there is no knowing whether the grants are right.
fn about_grants(mut examined: Examined) -> Examined {
    examined.findings.retain(|finding| finding.kind.is_about_grants());
    examined
}

fn mending(examined: &Examined) -> impl Iterator<Item = &String> {
    examined.findings.iter().flat_map(Finding::statements)
}

impl Finding {
    /// What [`apply`] says.
    #[must_use]
    pub fn statements(&self) -> &[String] {
        match &self.mend {
            Mend::Apply(statements) => statements,
            Mend::Dba(_) | Mend::Look => &[],
        }
    }
}
