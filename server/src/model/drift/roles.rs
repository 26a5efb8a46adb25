//! The two roles themselves: whether they are there, what they are, what they belong to, what they own.

use super::relations::read_otherwise;
use super::{Finding, FindingKind, Light, Mend, Risk, Wanted};
use crate::model::reach::{Owned, Reach, Role, Traits};
use gate::sql_name;

/// As many names as a sentence bears.
const A_FEW: usize = 5;

pub(super) fn findings(reach: &Reach, wanted: Wanted<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for role in &reach.roles {
        let Some(traits) = &role.traits else {
            findings.push(Finding::role_missing(&role.name));
            continue;
        };
        findings.extend(of_its_kind(role, traits, wanted));
        findings.extend(of_its_memberships(reach, role, wanted));
        findings.extend(of_its_property(reach, role));
    }
    findings
}

fn of_its_kind(role: &Role, traits: &Traits, wanted: Wanted<'_>) -> Vec<Finding> {
    let name = sql_name(&role.name);
    let attribute = |kind, message: String, change: &str| {
        let mend = Mend::Dba(vec![format!("alter role {name} {change}")]);
        Finding::new(kind, Light::Red, name.as_str(), message).mended_by(mend)
    };
    let mut findings = Vec::new();
    for power in &traits.powers {
        let message = format!("`{}` has the attribute {power}", role.name);
        let (kind, risk) = match power.as_str() {
            "superuser" => (FindingKind::Superuser, Some(Risk::Superuser)),
            // Policies hold rows back from everybody else.
            "bypassrls" => (FindingKind::Attribute, Some(Risk::BeyondDeclaration)),
            _ => (FindingKind::Attribute, None),
        };
        findings.push(attribute(kind, message, &format!("no{power}")).risking(risk));
    }
    let is_login = role.name == wanted.login;
    if traits.can_log_in != is_login {
        let (message, change) = if is_login {
            (format!("`{}` cannot log in", role.name), "login")
        } else {
            (format!("`{}` can log in, and so be used outside of the program", role.name), "nologin")
        };
        findings.push(attribute(FindingKind::Attribute, message, change));
    }
    if is_login && traits.inherits {
        let message = format!("`{}` inherits what its roles may do, without becoming one", role.name);
        findings.push(attribute(FindingKind::Attribute, message, "noinherit"));
    }
    findings
}

fn of_its_memberships(reach: &Reach, role: &Role, wanted: Wanted<'_>) -> Vec<Finding> {
    let name = sql_name(&role.name);
    let is_login = role.name == wanted.login;
    let mut findings = Vec::new();
    if is_login && !role.memberships.iter().any(|membership| membership.name == wanted.role) {
        let message =
            format!("`{}` is no member of `{}`, so it cannot become that role", role.name, wanted.role);
        let mend = Mend::Dba(vec![format!("grant {} to {name}", sql_name(wanted.role))]);
        findings.push(
            Finding::new(FindingKind::MissingGrant, Light::Red, name.as_str(), message).mended_by(mend),
        );
    }
    for membership in &role.memberships {
        if is_login && membership.name == wanted.role {
            continue;
        }
        let read = read_otherwise(reach, role, wanted);
        let read = if read.is_empty() { String::new() } else { format!(", and reads {}", a_few(&read)) };
        let beneath: Vec<String> =
            membership.leads_to.iter().filter(|other| **other != membership.name).cloned().collect();
        let leads =
            if beneath.is_empty() { String::new() } else { format!(", which leads to {}", a_few(&beneath)) };
        let message = format!("`{}` is a member of `{}`{leads}{read}", role.name, membership.name);
        let mend = Mend::Dba(vec![format!("revoke {} from {name}", sql_name(&membership.name))]);
        let finding = Finding::new(FindingKind::Membership, Light::Red, name.as_str(), message)
            .mended_by(mend)
            .risking([Risk::BeyondDeclaration]);
        findings.push(finding);
    }
    findings
}

fn of_its_property(reach: &Reach, role: &Role) -> Vec<Finding> {
    let owner = if reach.database_owner == role.name { "postgres" } else { &reach.database_owner };
    let findings = role.owned.iter().map(|Owned { kind, name }| {
        let message = format!("`{}` owns the {kind} {name}, and may do with it as it likes", role.name);
        let mend = Mend::Dba(vec![format!("alter {kind} {name} owner to {}", sql_name(owner))]);
        let is_relation =
            matches!(kind.as_str(), "table" | "view" | "materialized view" | "foreign table" | "sequence");
        let risks: &[Risk] = if is_relation { &[Risk::Writes, Risk::BeyondDeclaration] } else { &[] };
        Finding::new(FindingKind::Ownership, Light::Red, name.as_str(), message)
            .mended_by(mend)
            .risking(risks.iter().copied())
    });
    findings.collect()
}

fn a_few(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(A_FEW).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(A_FEW) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
