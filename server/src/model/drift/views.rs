//! The views of a profile, as they are declared and as they stand.
//!
//! Invariant: nothing is dropped but what bears our mark and is still as we made it, and what stands under a declared name
//! in the schema that is the views' own.

use super::sql::{grant, privilege, relation_name};
use super::{Finding, FindingKind, Light, Mend, Risk, Wanted, powers, relations, roles};
use crate::model::profile::Declared;
use crate::model::reach::{FoundView, Grantee, Kind, Power, Reach, ViewSchema};
use crate::model::view::{Source, View, Views};
use gate::sql_name;

pub(super) fn findings(reach: &Reach, wanted: Wanted<'_>) -> Vec<Finding> {
    let (Some(views), Some(found)) = (wanted.views, &reach.views) else { return Vec::new() };
    let mut findings = strangers(found, views);
    if views.is_empty() {
        return findings;
    }
    findings.extend(of_the_owner(found, views));
    findings.extend(of_the_schema(found, views));
    findings.extend(views.views.iter().flat_map(|view| of_a_view(found, views, view, wanted)));
    findings
}

/// Whether a declared relation is a view of ours that reads no other view. Then its mark tells all that the surface lock
/// could: a new declaration is asked for, and anything else that changes it is told where views are compared. What stands
/// beneath, in a view of somebody else, the lock alone knows.
pub(super) fn tells_all_by_its_mark(reach: &Reach, declared: &Declared, wanted: Wanted<'_>) -> bool {
    let (Some(views), Some(found)) = (wanted.views, &reach.views) else { return false };
    let is_it = |view: &&View| views.schema == declared.schema && view.name == declared.name;
    views.views.iter().find(is_it).is_some_and(|view| {
        view.reads().all(|Source { schema, name }| {
            let source = found.owner_reach.relation(schema, name);
            source.is_none_or(|source| !matches!(source.kind, Kind::View | Kind::MaterializedView))
        })
    })
}

/// The owner is judged like a role of a profile that declares the sources in whole.
fn of_the_owner(found: &ViewSchema, views: &Views) -> Vec<Finding> {
    let sources = views.sources();
    let owner = Wanted { role: &views.owner, login: "", relations: &sources, lock: None, views: None };
    let reach = besides_the_views(&found.owner_reach, views);
    let mut findings = roles::findings(&reach, owner);
    findings.extend(relations::findings(&reach, owner));
    findings.extend(powers::findings(&reach));
    // What everybody may do is told of the profile's own roles.
    findings.retain(|finding| finding.kind != FindingKind::PublicGrant);
    findings
}

fn besides_the_views(reach: &Reach, views: &Views) -> Reach {
    let mut reach = reach.clone();
    let schema = sql_name(&views.schema);
    let inside = format!("{schema}.");
    for role in &mut reach.roles {
        role.owned.retain(|owned| {
            !(owned.kind == "schema" && owned.name == schema || owned.name.starts_with(&inside))
        });
    }
    let own = format!("schema {schema}");
    reach.powers.retain(|Power { object, through, .. }| *object != own && *through != Some(Grantee::Public));
    reach.defaults.retain(|default| default.grantee != Grantee::Public);
    reach
}

fn of_the_schema(found: &ViewSchema, views: &Views) -> Option<Finding> {
    let owner = found.schema_owner.as_ref().filter(|owner| **owner != views.owner)?;
    let subject = format!("schema {}", sql_name(&views.schema));
    let message = format!("{subject} belongs to `{owner}`, not to `{}`, the owner of the views", views.owner);
    let statement = format!("alter {subject} owner to {}", sql_name(&views.owner));
    let finding = Finding::new(FindingKind::ViewOwner, Light::Red, subject, message);
    Some(finding.mended_by(Mend::Dba(vec![statement])))
}

fn of_a_view(found: &ViewSchema, views: &Views, view: &View, wanted: Wanted<'_>) -> Vec<Finding> {
    let name = view.full_name(&views.schema);
    let red = |kind, message: String| Finding::new(kind, Light::Red, name.as_str(), message);
    let mut findings: Vec<Finding> = missing_columns(found, view)
        .map(|column| {
            let source = view.source.sql();
            let message = format!(
                "`{name}` is declared with a column `{column}`, but `{source}` has none of that name"
            );
            red(FindingKind::DroppedColumn, message)
        })
        .collect();
    let is_makeable = findings.is_empty() && can_be_made(found, views, view);
    let made = |before: Vec<String>| {
        if is_makeable {
            Mend::Apply([before, making(found, views, view, wanted)].concat())
        } else {
            Mend::Look
        }
    };
    let Some(there) = found.relations.iter().find(|there| there.name == view.name) else {
        let message = format!("the view `{name}` is declared, but it is not there");
        findings.push(red(FindingKind::MissingView, message).mended_by(made(Vec::new())));
        return findings;
    };
    let Some(printed) = &there.printed else {
        let message = format!("`{name}` is declared as a view, but something else stands there");
        findings.push(red(FindingKind::ChangedView, message).risking([Risk::BeyondDeclaration]));
        return findings;
    };
    if there.owner != views.owner {
        let message = format!("the view `{name}` belongs to `{}`, and reads with its rights", there.owner);
        let statement = format!("alter view {name} owner to {}", sql_name(&views.owner));
        let finding = red(FindingKind::ViewOwner, message).mended_by(Mend::Dba(vec![statement]));
        findings.push(finding.risking([Risk::BeyondDeclaration]));
        return findings;
    }
    if let Some(why) = difference(there, view, &views.schema, printed) {
        let finding = red(FindingKind::ChangedView, format!("the view `{name}` {why}"));
        let mend = made(vec![format!("drop view {name}")]);
        findings.push(finding.mended_by(mend).risking([Risk::BeyondDeclaration]));
        return findings;
    }
    findings.extend(without_its_barrier(there, &name));
    findings.extend(reads_beyond(there, view, &name));
    findings
}

fn missing_columns<'v>(found: &'v ViewSchema, view: &'v View) -> impl Iterator<Item = &'v String> {
    let source = found.owner_reach.relation(&view.source.schema, &view.source.name);
    view.columns.iter().filter(move |column| source.is_some_and(|source| !source.has_column(column)))
}

/// Whether the roles and the relations are there that it takes; where one is not, that is told by itself.
fn can_be_made(found: &ViewSchema, views: &Views, view: &View) -> bool {
    let is_ours = found.schema_owner.as_ref().is_none_or(|owner| *owner == views.owner);
    let has_owner = found.owner_reach.roles.iter().any(|role| role.traits.is_some());
    let reads = |schema: &str, name: &str| {
        found
            .owner_reach
            .relation(schema, name)
            .is_some_and(|source| source.kind.has_rows() && !source.shows_the_store)
    };
    is_ours && has_owner && view.reads().all(|source| reads(&source.schema, &source.name))
}

fn making(found: &ViewSchema, views: &Views, view: &View, wanted: Wanted<'_>) -> Vec<String> {
    let (schema, owner, name) =
        (sql_name(&views.schema), sql_name(&views.owner), view.full_name(&views.schema));
    let mut statements = Vec::new();
    if found.schema_owner.is_none() {
        statements.push(format!("create schema {schema} authorization {owner}"));
    }
    statements.push(view.create(&views.schema));
    statements.push(format!("alter view {name} owner to {owner}"));
    statements.push(grant("usage", &format!("schema {schema}"), wanted.role));
    // Spelt unlike the cure for a missing grant, which may be said before the view is dropped and made anew.
    statements.push(grant(&privilege("select", &view.columns), &format!("table {name}"), wanted.role));
    statements
}

/// How a view differs from its declaration, if it does.
fn difference(there: &FoundView, view: &View, schema: &str, printed: &str) -> Option<&'static str> {
    let wanted = view.mark(schema, printed);
    match &there.mark {
        None => Some("was not made by `portcullis grants --apply`"),
        Some(mark) if mark.printed != wanted.printed => {
            Some("was changed since `portcullis grants --apply` made it")
        }
        Some(mark) if mark.declared != wanted.declared => Some("is not yet as it is declared now"),
        Some(_) if there.comment != view.comment => Some("bears another comment than the declared one"),
        Some(_) => None,
    }
}

fn without_its_barrier(there: &FoundView, name: &str) -> Option<Finding> {
    let (message, change) = if there.reads_as_asker {
        (format!("the view `{name}` reads with the rights of whoever asks"), "reset (security_invoker)")
    } else if there.has_barrier {
        return None;
    } else {
        let told = "has no `security_barrier`: a condition that fails on a hidden row tells of it";
        (format!("the view `{name}` {told}"), "set (security_barrier = true)")
    };
    let finding = Finding::new(FindingKind::ViewBarrier, Light::Red, name, message);
    let mend = Mend::Apply(vec![format!("alter view {name} {change}")]);
    Some(finding.mended_by(mend).risking([Risk::BeyondDeclaration]))
}

/// The condition looks into something that is not declared; its owner may not read that, so whoever asks gets an error.
fn reads_beyond(there: &FoundView, view: &View, name: &str) -> Option<Finding> {
    let declared: Vec<String> = view.reads().map(Source::plain).collect();
    let beyond: Vec<&String> = there.reads.iter().filter(|read| !declared.contains(read)).collect();
    let first = beyond.first()?;
    let message = format!("the view `{name}` looks into `{first}`: name it in its `lookups`");
    Some(Finding::new(FindingKind::UndeclaredSource, Light::Red, name, message))
}

/// Whatever else stands in the schema of the views.
fn strangers(found: &ViewSchema, views: &Views) -> Vec<Finding> {
    let others = found.relations.iter().filter(|there| !views.has(&views.schema, &there.name));
    let findings = others.filter_map(|there| {
        let name = relation_name(&views.schema, &there.name);
        let is_ours = there.owner == views.owner
            && there.mark.as_ref().is_some_and(|mark| {
                there.printed.as_ref().is_some_and(|printed| printed.starts_with(&mark.printed))
            });
        if is_ours {
            let message = format!("the view `{name}` is not declared any more");
            let finding = Finding::new(FindingKind::ExtraView, Light::Amber, name.as_str(), message);
            return Some(finding.mended_by(Mend::Apply(vec![format!("drop view {name}")])));
        }
        // A profile without views may have its schema's name in common with somebody.
        if views.is_empty() {
            return None;
        }
        let message = format!("`{name}` stands among the views of the profile, and nobody declared it");
        Some(Finding::new(FindingKind::ExtraView, Light::Red, name, message))
    });
    findings.collect()
}
