//! Relations and schemas: what is declared beside what is granted, and what can be read besides.

use super::sql::{grant, object, privilege, relation_name, revoke};
use super::views::tells_all_by_its_mark;
use super::{Finding, FindingKind, Light, Mend, Risk, Wanted};
use crate::model::profile::Declared;
use crate::model::reach::{Access, Grant, Grantee, Reach, Relation, Role};
use crate::model::surface_lock::LockedRelation;
use gate::sql_name;
use std::collections::BTreeSet;

const SELECT: &str = "select";

pub(super) fn findings(reach: &Reach, wanted: Wanted<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for declared in wanted.relations {
        if let Some(relation) = reach.relation(&declared.schema, &declared.name) {
            findings.extend(of_a_declared_one(reach, relation, declared, wanted));
            continue;
        }
        if is_a_view_of_ours(declared, wanted) {
            continue;
        }
        let name = relation_name(&declared.schema, &declared.name);
        let message = format!("`{name}` is declared, but there is no such relation");
        findings.push(Finding::new(FindingKind::DroppedRelation, Light::Red, name, message));
    }
    for relation in &reach.relations {
        findings.extend(granted_beyond(reach, relation, wanted));
        findings.extend(open_to_everybody(reach, relation, wanted));
    }
    findings.extend(of_schemas(reach, wanted));
    findings.extend(unexplained(reach, wanted));
    findings
}

/// What is missing of it is told where views are compared.
fn is_a_view_of_ours(declared: &Declared, wanted: Wanted<'_>) -> bool {
    wanted.views.is_some_and(|views| views.has(&declared.schema, &declared.name))
}

/// The columns that the role shall read: of a declaration in whole those that the lock knows, where there is one.
fn wanted_columns(relation: &Relation, wanted: Wanted<'_>) -> Vec<String> {
    let Some(declared) = declaration(relation, wanted) else { return Vec::new() };
    if !relation.kind.has_rows() || relation.shows_the_store {
        return Vec::new();
    }
    let present = relation.columns.iter().map(|(name, _)| name);
    let locked = locked(relation, wanted);
    let is_wanted = |name: &&String| match (&declared.columns, locked) {
        (Some(columns), _) => columns.contains(name),
        (None, Some(locked)) => locked.column(name).is_some(),
        (None, None) => true,
    };
    present.filter(is_wanted).cloned().collect()
}

fn declaration<'a>(relation: &Relation, wanted: Wanted<'a>) -> Option<&'a Declared> {
    wanted.relations.iter().find(|other| other.schema == relation.schema && other.name == relation.name)
}

fn locked<'a>(relation: &Relation, wanted: Wanted<'a>) -> Option<&'a LockedRelation> {
    wanted.lock.and_then(|lock| lock.relation(&relation.schema, &relation.name))
}

fn of_a_declared_one(
    reach: &Reach,
    relation: &Relation,
    declared: &Declared,
    wanted: Wanted<'_>,
) -> Vec<Finding> {
    let name = relation_name(&relation.schema, &relation.name);
    let red = |kind, message: String| Finding::new(kind, Light::Red, name.as_str(), message);
    if !relation.kind.has_rows() {
        return vec![red(
            FindingKind::NotReadable,
            format!("`{name}` is declared, but it is no table and no view"),
        )];
    }
    if relation.shows_the_store {
        let message =
            format!("`{name}` is declared, but it shows the program's own tables: declare it nowhere");
        return vec![red(FindingKind::ShowsTheStore, message).risking([Risk::BeyondDeclaration])];
    }
    let mut findings = Vec::new();
    let gone = declared.columns.iter().flatten().filter(|column| !relation.has_column(column));
    for column in gone.filter(|_| !is_a_view_of_ours(declared, wanted)) {
        let message = format!("`{name}` is declared with a column `{column}`, but it has none of that name");
        findings.push(red(FindingKind::DroppedColumn, message));
    }
    let mut against = against_the_lock(relation, declared, wanted, &name);
    if tells_all_by_its_mark(reach, declared, wanted) {
        against.retain(|finding| !matches!(finding.kind, FindingKind::ChangedView | FindingKind::NotLocked));
    }
    findings.extend(against);
    let has_role = reach.roles.iter().any(|role| role.name == wanted.role && role.traits.is_some());
    if has_role {
        findings.extend(missing(relation, declared, wanted, &name));
    }
    findings
}

/// What changed since somebody last looked.
fn against_the_lock(
    relation: &Relation,
    declared: &Declared,
    wanted: Wanted<'_>,
    name: &str,
) -> Vec<Finding> {
    if wanted.lock.is_none() {
        return Vec::new();
    }
    let Some(locked) = locked(relation, wanted) else {
        let message =
            format!("the surface lock does not know `{name}`: what is not declared by column stays hidden");
        return vec![Finding::new(FindingKind::NotLocked, Light::Amber, name, message)];
    };
    let mut findings = Vec::new();
    if relation.definition != locked.definition {
        let message =
            format!("the view `{name}` changed since the surface was locked: look what it shows now");
        findings.push(Finding::new(FindingKind::ChangedView, Light::Red, name, message));
    }
    for (column, data_type) in &relation.columns {
        match locked.column(column) {
            Some(locked) if locked.data_type != *data_type => {
                let message = format!(
                    "column `{column}` of `{name}` is a {data_type}, and was a {} when the surface was locked",
                    locked.data_type
                );
                findings.push(Finding::new(FindingKind::ChangedType, Light::Amber, name, message));
            }
            None if declared.columns.is_none() => findings.push(new_column(relation, wanted, name, column)),
            _ => {}
        }
    }
    findings
}

fn new_column(relation: &Relation, wanted: Wanted<'_>, name: &str, column: &str) -> Finding {
    let subject = format!("{name}.{}", sql_name(column));
    let hidden = format!("`{name}` has a new column `{column}`, hidden until the surface is locked again");
    let role = Grantee::Role(wanted.role.to_owned());
    if !held(relation, &role, SELECT).iter().any(|held| held == column) {
        return Finding::new(FindingKind::NewColumn, Light::Amber, subject, hidden);
    }
    let message = format!("{hidden}; `{}` may select it already", wanted.role);
    Finding::new(FindingKind::NewColumn, Light::Red, subject, message).mended_by(Mend::Apply(narrowed(
        relation,
        wanted,
        &[column.to_owned()],
    )))
}

fn missing(relation: &Relation, declared: &Declared, wanted: Wanted<'_>, name: &str) -> Vec<Finding> {
    let role = Grantee::Role(wanted.role.to_owned());
    let held = held(relation, &role, SELECT);
    let mut columns = wanted_columns(relation, wanted);
    let is_whole = declared.columns.is_none() && columns.len() == relation.columns.len();
    columns.retain(|column| !held.contains(column));
    let mut findings = Vec::new();
    let access = access(relation, wanted.role);
    if access.is_some_and(|access| !access.is_open) {
        let schema = sql_name(&relation.schema);
        let message = format!("`{}` has no usage on the schema of `{name}`", wanted.role);
        let mend = Mend::Apply(vec![grant("usage", &format!("schema {schema}"), wanted.role)]);
        findings.push(Finding::new(FindingKind::MissingGrant, Light::Red, name, message).mended_by(mend));
    }
    if !columns.is_empty() {
        let message = if is_whole && held.is_empty() {
            format!("`{}` may not select `{name}`, which is declared", wanted.role)
        } else {
            format!("`{}` may not select {} of `{name}`, though declared", wanted.role, listed(&columns))
        };
        let columns = if is_whole { Vec::new() } else { columns };
        let mend = Mend::Apply(vec![grant(&privilege(SELECT, &columns), &object(relation), wanted.role)]);
        findings.push(Finding::new(FindingKind::MissingGrant, Light::Red, name, message).mended_by(mend));
    }
    findings
}

/// What was granted to one of the two roles itself, and is not declared.
fn granted_beyond(reach: &Reach, relation: &Relation, wanted: Wanted<'_>) -> Vec<Finding> {
    let name = relation_name(&relation.schema, &relation.name);
    let mut findings = Vec::new();
    for role in &reach.roles {
        let grantee = Grantee::Role(role.name.clone());
        let is_role = role.name == wanted.role;
        let declared = if is_role { wanted_columns(relation, wanted) } else { Vec::new() };
        let mut columns = held(relation, &grantee, SELECT);
        columns.retain(|column| !(declared.contains(column) || is_role && is_new(relation, column, wanted)));
        let others = other_privileges(relation, &grantee);
        let passed_on = relation.grants.iter().any(|grant| grant.grantee == grantee && grant.is_grantable);
        if columns.is_empty() && others.is_empty() && !passed_on {
            continue;
        }
        let mut said: Vec<String> = others.clone();
        if !columns.is_empty() {
            let whole = columns.len() == relation.columns.len();
            said.insert(0, if whole { SELECT.to_owned() } else { format!("select {}", listed(&columns)) });
        }
        if said.is_empty() {
            said.push("grant on what it holds".to_owned());
        }
        let message = format!("`{}` may {} on `{name}`, beyond what is declared", role.name, said.join(", "));
        let mut statements = if is_role {
            narrowed(relation, wanted, &columns)
        } else {
            withdrawn(relation, &grantee, &columns)
        };
        if !others.is_empty() {
            statements.push(revoke(&others.join(", "), &object(relation), &grantee));
        }
        if statements.is_empty() {
            let option =
                format!("{} cascade", revoke("grant option for select", &object(relation), &grantee));
            statements.push(option);
        }
        let risks = risks(!columns.is_empty(), &others);
        let finding = Finding::new(FindingKind::ExtraGrant, Light::Red, name.as_str(), message);
        findings.push(finding.mended_by(Mend::Apply(statements)).risking(risks));
    }
    findings
}

/// What PUBLIC may do, and through it our roles.
fn open_to_everybody(reach: &Reach, relation: &Relation, wanted: Wanted<'_>) -> Option<Finding> {
    let is_open = relation.access.iter().any(|access| access.is_open);
    let declared = wanted_columns(relation, wanted);
    let mut columns = held(relation, &Grantee::Public, SELECT);
    columns.retain(|column| !declared.contains(column) && !is_new(relation, column, wanted));
    let others = other_privileges(relation, &Grantee::Public);
    if !is_open || reach.roles.is_empty() || (columns.is_empty() && others.is_empty()) {
        return None;
    }
    let name = relation_name(&relation.schema, &relation.name);
    let mut said = others.clone();
    if !columns.is_empty() {
        said.insert(0, SELECT.to_owned());
    }
    let message = format!("everybody may {} on `{name}`, granted to PUBLIC", said.join(", "));
    let mut statements = withdrawn(relation, &Grantee::Public, &columns);
    if !others.is_empty() {
        statements.push(revoke(&others.join(", "), &object(relation), &Grantee::Public));
    }
    let risks = risks(!columns.is_empty(), &others);
    let finding = Finding::new(FindingKind::PublicGrant, Light::Red, name, message);
    Some(finding.mended_by(Mend::Dba(statements)).risking(risks))
}

/// Rights on schemas that were granted to one of the two roles itself, and that no declared relation needs.
fn of_schemas(reach: &Reach, wanted: Wanted<'_>) -> Vec<Finding> {
    let needed: BTreeSet<&str> = wanted.relations.iter().map(|declared| declared.schema.as_str()).collect();
    let beyond = reach.schemas.iter().filter(|grant| {
        let is_needed = grant.role == wanted.role
            && grant.privilege == "usage"
            && needed.contains(grant.schema.as_str())
            && !grant.is_grantable;
        !is_needed
    });
    let findings = beyond.map(|grant| {
        let subject = format!("schema {}", sql_name(&grant.schema));
        let message =
            format!("`{}` has {} on {subject}, beyond what is declared", grant.role, grant.privilege);
        let role = Grantee::Role(grant.role.clone());
        let is_wanted =
            grant.role == wanted.role && grant.privilege == "usage" && needed.contains(grant.schema.as_str());
        let privilege = if is_wanted { "grant option for usage".to_owned() } else { grant.privilege.clone() };
        let mend = Mend::Apply(vec![revoke(&privilege, &subject, &role)]);
        Finding::new(FindingKind::ExtraGrant, Light::Red, subject, message).mended_by(mend)
    });
    findings.collect()
}

/// Whatever a role reads by a way that nothing else here explains.
fn unexplained(reach: &Reach, wanted: Wanted<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for role in &reach.roles {
        if role.memberships.iter().any(|membership| membership.name != wanted.role) {
            continue;
        }
        for name in read_otherwise(reach, role, wanted) {
            let message = format!("`{}` can reach `{name}` beyond what is declared", role.name);
            let finding = Finding::new(FindingKind::ExtraGrant, Light::Red, name, message);
            findings.push(finding.risking([Risk::BeyondDeclaration, Risk::Writes]));
        }
    }
    findings
}

/// The relations that a role reaches beyond the declaration, neither granted to it nor to PUBLIC nor owned by it: by the
/// roles that it belongs to.
pub(super) fn read_otherwise(reach: &Reach, role: &Role, wanted: Wanted<'_>) -> Vec<String> {
    let own = Grantee::Role(role.name.clone());
    let beyond = reach.relations.iter().filter(|relation| {
        let Some(access) = access(relation, &role.name).filter(|access| access.is_open) else { return false };
        if relation.owner == role.name {
            return false;
        }
        let declared = wanted_columns(relation, wanted);
        let through_role = self::access(relation, wanted.role).filter(|_| role.name != wanted.role);
        let column_is_explained = |column: &String| {
            declared.contains(column)
                || is_new(relation, column, wanted)
                || held(relation, &own, SELECT).contains(column)
                || held(relation, &Grantee::Public, SELECT).contains(column)
                || through_role.is_some_and(|access| access.readable.contains(column))
        };
        let other_is_explained = |other: &String| {
            other_privileges(relation, &own).contains(other)
                || other_privileges(relation, &Grantee::Public).contains(other)
                || through_role.is_some_and(|access| access.others.contains(other))
        };
        !access.readable.iter().all(column_is_explained) || !access.others.iter().all(other_is_explained)
    });
    beyond.map(|relation| relation_name(&relation.schema, &relation.name)).collect()
}

/// Statements after which the role no longer selects these columns, and still selects the declared ones.
fn narrowed(relation: &Relation, wanted: Wanted<'_>, columns: &[String]) -> Vec<String> {
    let role = Grantee::Role(wanted.role.to_owned());
    let mut statements = withdrawn(relation, &role, columns);
    let declared = wanted_columns(relation, wanted);
    if !columns.is_empty() && !declared.is_empty() && holds_whole(relation, &role, SELECT) {
        statements.push(grant(&privilege(SELECT, &declared), &object(relation), wanted.role));
    }
    statements
}

fn withdrawn(relation: &Relation, grantee: &Grantee, columns: &[String]) -> Vec<String> {
    if columns.is_empty() {
        return Vec::new();
    }
    // Taking a right on the whole away takes it from each column, too.
    let columns = if holds_whole(relation, grantee, SELECT) { &[] } else { columns };
    vec![revoke(&privilege(SELECT, columns), &object(relation), grantee)]
}

fn holds_whole(relation: &Relation, grantee: &Grantee, privilege: &str) -> bool {
    let is_it =
        |grant: &Grant| grant.grantee == *grantee && grant.privilege == privilege && grant.column.is_none();
    relation.grants.iter().any(is_it)
}

/// The columns on which a privilege was granted to somebody, by the whole or one by one. A sequence has none to name, so
/// its values stand for them.
fn held(relation: &Relation, grantee: &Grantee, privilege: &str) -> Vec<String> {
    let is_whole = holds_whole(relation, grantee, privilege);
    let has = |column: &str| {
        relation.grants.iter().any(|grant| {
            grant.grantee == *grantee
                && grant.privilege == privilege
                && grant.column.as_deref() == Some(column)
        })
    };
    let columns = relation.columns.iter().map(|(name, _)| name);
    columns.filter(|column| is_whole || has(column)).cloned().collect()
}

fn other_privileges(relation: &Relation, grantee: &Grantee) -> Vec<String> {
    let others =
        relation.grants.iter().filter(|grant| grant.grantee == *grantee && grant.privilege != SELECT);
    others.map(|grant| grant.privilege.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn is_new(relation: &Relation, column: &str, wanted: Wanted<'_>) -> bool {
    declaration(relation, wanted).is_some_and(|declared| declared.columns.is_none())
        && locked(relation, wanted).is_some_and(|locked| locked.column(column).is_none())
}

fn access<'a>(relation: &'a Relation, role: &str) -> Option<&'a Access> {
    relation.access.iter().find(|access| access.role == role)
}

fn risks(reads: bool, others: &[String]) -> Vec<Risk> {
    let writes = others.iter().any(|privilege| privilege != "references");
    let risks = [(writes, Risk::Writes), (reads, Risk::BeyondDeclaration)];
    risks.into_iter().filter_map(|(is_there, risk)| is_there.then_some(risk)).collect()
}

fn listed(columns: &[String]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}
