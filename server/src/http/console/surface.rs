//! What each profile opens, and to whom.

use super::frame::{Teller, held, shell};
use super::sentence;
use crate::flow::doctor::{Examined, examine};
use crate::flow::manage_person::Change;
use crate::flow::pause::{self, Named, NotFound};
use crate::flow::reconcile_grants::{self, NotApplied};
use crate::flow::review_surface::{Opened, review_surface};
use crate::flow::{Failure, Profile, self_test};
use crate::http::extract::form::{Form, Nothing};
use crate::http::extract::operator::{Administrator, Auditor, FreshAdministrator, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::catalog::{Column, Relation};
use crate::model::drift::{FindingKind, Light, Mend};
use crate::model::pause::{Pause, Scope};
use crate::model::profile::ProfileName;
use crate::model::self_test::SelfTested;
use crate::model::view::Views;
use app::parts::Section;
use app::parts::number::bytes;
use app::surface::{
    DeclaredView, Finding as Shown, Limits, Reach, SelfTested as Tested, Severity, SurfaceColumn,
    SurfaceModel, SurfacePage, SurfaceProfile, SurfaceRelation,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

pub(in crate::http) async fn show(State(site): State<Site>, Auditor(operator): Auditor) -> Response {
    match model(&site, &operator).await {
        Ok(model) => page(StatusCode::OK, "Surface", || SurfacePage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn model(site: &Site, operator: &Operator) -> Result<SurfaceModel, Failure> {
    let teller = Teller::new(&site.portcullis, operator);
    let pauses = pause::list(&site.portcullis).await?;
    let profiles = review_surface(&site.portcullis).await?;
    let examined = examine(&site.portcullis).await;
    let tested = self_test::last(&site.portcullis).await?;
    let look = |name: &ProfileName| examined.iter().find(|one| one.profile == *name);
    let several = site.portcullis.has_several_warehouses();
    Ok(SurfaceModel {
        shell: shell(site, operator, Section::Surface).await?,
        profiles: profiles
            .into_iter()
            .map(|opened| {
                let examined = look(&opened.profile.name);
                let reach = examined.map_or(Reach::NotChecked, reach);
                let may_apply = opened.profile.warehouse.administrator.is_some()
                    && examined.is_some_and(|examined| {
                        examined.findings.iter().any(|finding| !finding.statements().is_empty())
                    });
                let tested = tested.iter().find(|tested| tested.profile == opened.profile.name.as_str());
                let self_test = tested.map(|tested| self_tested(tested, teller));
                let warehouse = several.then(|| opened.profile.warehouse.name.to_string());
                SurfaceProfile { warehouse, reach, may_apply, self_test, ..profile(opened, &pauses, teller) }
            })
            .collect(),
    })
}

fn profile(opened: Opened, pauses: &[Pause], teller: Teller<'_>) -> SurfaceProfile {
    let Opened { profile, holders, reading } = opened;
    let hold = pauses.iter().find(|pause| pause.scope == Scope::Profile(profile.name.clone()));
    let context = profile.context.iter().map(|(setting, value)| (setting.clone(), value.to_string()));
    let shown = SurfaceProfile {
        name: profile.name.to_string(),
        warehouse: None,
        role: profile.role.clone(),
        login: profile.login.clone(),
        limits: limits(&profile),
        policy: policy(&profile),
        relations: Vec::new(),
        context: context.collect(),
        holders,
        cautions: Vec::new(),
        fault: None,
        reach: Reach::NotChecked,
        may_apply: false,
        paused: hold.map(|hold| held(hold, teller)),
        self_test: None,
    };
    match reading {
        Ok((reading, cautions)) => {
            let gaps = reading.catalog.gaps.iter().map(ToString::to_string);
            SurfaceProfile {
                relations: reading
                    .catalog
                    .relations
                    .iter()
                    .map(|one| relation(one, &profile.views))
                    .collect(),
                cautions: gaps.chain(cautions.iter().map(ToString::to_string)).collect(),
                ..shown
            }
        }
        Err(fault) => SurfaceProfile { fault: Some(format!("{fault:#}")), ..shown },
    }
}

fn self_tested(tested: &SelfTested, teller: Teller<'_>) -> Tested {
    Tested { at: teller.moment(tested.at), tried: tested.tried, faults: tested.faults.clone() }
}

/// What the roles of a profile can really do, as far as that could be looked at.
fn reach(examined: &Examined) -> Reach {
    if examined.findings.iter().any(|finding| finding.kind == FindingKind::NoWayIn) {
        return Reach::NotChecked;
    }
    let findings = examined.findings.iter().map(|finding| Shown {
        severity: match finding.light {
            Light::Red if finding.kind.is_a_lack() => Severity::Gap,
            Light::Red => Severity::Fault,
            Light::Amber => Severity::Warning,
        },
        kind: finding.kind.code().replace('_', " "),
        text: finding.message.clone(),
        sql: match &finding.mend {
            Mend::Apply(statements) | Mend::Dba(statements) => Some(statements.join("\n")),
            Mend::Look => None,
        },
    });
    Reach::Checked { findings: findings.collect() }
}

fn limits(profile: &Profile) -> Limits {
    let (limits, timeouts) = (&profile.limits, &profile.timeouts);
    Limits {
        default_rows: limits.default_rows,
        hard_rows: limits.hard_rows,
        bytes: limits.bytes,
        cell_bytes: limits.cell,
        statement: humantime::format_duration(timeouts.statement).to_string(),
        lock: humantime::format_duration(timeouts.lock).to_string(),
        idle_in_transaction: humantime::format_duration(timeouts.idle_in_transaction).to_string(),
    }
}

fn policy(profile: &Profile) -> Vec<String> {
    let star = match profile.policy.select_star {
        gate::SelectStar::Refuse => "`select *` is refused",
        gate::SelectStar::Expand => "`select *` means the columns that can be read",
    };
    vec![star.to_owned(), format!("statements of at most {}", bytes(profile.policy.max_bytes as u64))]
}

fn relation(relation: &Relation, views: &Views) -> SurfaceRelation {
    let key = |column: &Column| {
        if column.primary_key.is_some() {
            return Some("primary key".to_owned());
        }
        let key = relation.foreign_keys.iter().find(|key| key.columns == [column.name.as_str()])?;
        Some(format!(
            "references {}.{} ({})",
            key.target_schema,
            key.target_name,
            key.target_columns.join(", ")
        ))
    };
    let columns = relation.columns.iter().map(|column| SurfaceColumn {
        name: column.name.clone(),
        sort: column.data_type.clone(),
        key: key(column),
        comment: column.comment.clone(),
    });
    let declared =
        views.views.iter().find(|view| views.schema == relation.schema && view.name == relation.name);
    let view = declared.map(|view| DeclaredView {
        source: view.source.plain(),
        condition: view.condition.as_ref().map(|condition| condition.text.clone()),
    });
    SurfaceRelation {
        name: format!("{}.{}", relation.schema, relation.name),
        kind: relation.kind.word().to_owned(),
        estimated_rows: relation.estimated_rows,
        comment: relation.comment.clone(),
        view,
        columns: columns.collect(),
    }
}

pub(in crate::http) async fn hold(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(name): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let (scope, subject) = match scope(&site, &name).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let paused = pause::pause(&site.portcullis, scope, &subject, operator.name()).await;
    told(&site, &operator, paused, &format!("Nothing reads through the profile {name} any more."))
}

pub(in crate::http) async fn resume(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(name): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let (scope, _) = match scope(&site, &name).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let resumed = pause::resume(&site.portcullis, &scope, operator.name()).await;
    told(&site, &operator, resumed, &format!("Holders of the profile {name} may read again."))
}

/// The profile whose warehouse is made what is declared.
#[derive(Deserialize)]
pub(in crate::http) struct OfProfile {
    id: String,
}

/// Does what `portcullis grants --apply` does, for one warehouse.
pub(in crate::http) async fn apply(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Form(OfProfile { id }): Form<OfProfile>,
) -> Response {
    let mut profiles = site.portcullis.profiles();
    let Some(profile) = profiles.find(|profile| profile.name.as_str() == id) else {
        return problem::no_page();
    };
    match reconcile_grants::apply(&site.portcullis, &profile.warehouse, operator.name()).await {
        Ok(applied) if applied.statements.is_empty() => told(&site, &operator, Ok(Change::NotNeeded), ""),
        Ok(applied) => {
            let count = applied.statements.len();
            let done = format!("The declaration was applied: {count} statement(s), which the events show.");
            told(&site, &operator, Ok(Change::Made), &done)
        }
        Err(NotApplied::Failure(failure)) => problem::failed(&failure),
        Err(why) => {
            tracing::warn!(error = %why, "grants were not applied from the console");
            operator.not_done(&site, sentence(&why.to_string()), "/surface")
        }
    }
}

async fn scope(site: &Site, name: &str) -> Result<(Scope, String), Response> {
    let Ok(name) = name.parse() else { return Err(problem::no_page()) };
    match pause::find(&site.portcullis, Named::Profile(name)).await {
        Ok(found) => Ok(found),
        Err(NotFound::NoSuch(..)) => Err(problem::no_page()),
        Err(NotFound::Failure(failure)) => Err(problem::failed(&failure)),
    }
}

fn told(site: &Site, operator: &Operator, result: Result<Change, Failure>, done: &str) -> Response {
    match result {
        Ok(Change::Made) => operator.done(site, done, "/surface"),
        Ok(Change::NotNeeded) => operator.done(site, "Nothing had to change: it was so before.", "/surface"),
        Err(failure) => problem::failed(&failure),
    }
}
