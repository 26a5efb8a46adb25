//! What a role may do besides reading relations, and what will be open to it without anybody noticing.

use super::sql::{grantee, revoke};
use super::{Finding, FindingKind, Light, Mend};
use crate::model::reach::{DefaultPrivilege, Grantee, Power, PowerKind, Reach};
use gate::sql_name;
use std::collections::BTreeMap;

pub(super) fn findings(reach: &Reach) -> Vec<Finding> {
    // What both roles may do for the same reason is one finding.
    let mut findings: BTreeMap<(String, String), Finding> = BTreeMap::new();
    for power in reach.powers.iter().filter(|power| !is_granted_by_name(power)) {
        let who = if power.through == Some(Grantee::Public) { "everybody" } else { &power.role };
        let key = (who.to_owned(), format!("{} {}", power.privilege, power.object));
        findings.entry(key).or_insert_with(|| of_a_power(power, who));
    }
    for privilege in &reach.defaults {
        let finding = of_the_future(privilege);
        findings.entry((finding.subject.clone(), finding.message.clone())).or_insert(finding);
    }
    findings.into_values().collect()
}

/// Rights on schemas that were granted to the role itself are compared with the declaration elsewhere.
fn is_granted_by_name(power: &Power) -> bool {
    power.kind == PowerKind::Create
        && power.object.starts_with("schema ")
        && power.through == Some(Grantee::Role(power.role.clone()))
}

fn of_a_power(power: &Power, who: &str) -> Finding {
    let Power { kind, privilege, object, more, through, extension, .. } = power;
    let who = if who == "everybody" { who.to_owned() } else { format!("`{who}`") };
    let of = extension.as_ref().map_or_else(String::new, |name| format!(" of the extension `{name}`"));
    let and_more = if *more > 0 { format!(" and {more} more") } else { String::new() };
    let (kind, light, message) = match kind {
        PowerKind::Create => {
            (FindingKind::Create, Light::Red, format!("{who} may create objects in {object}"))
        }
        PowerKind::Temporary => {
            (FindingKind::Temporary, Light::Amber, format!("{who} may create temporary tables in {object}"))
        }
        PowerKind::DefinerFunction => (
            FindingKind::DefinerFunction,
            Light::Red,
            format!("{who} may call {object}{of}, which runs with the rights of its owner"),
        ),
        PowerKind::VolatileFunction => (
            FindingKind::VolatileFunction,
            Light::Amber,
            format!("{who} may call {object}{of}{and_more}, which may do more than read"),
        ),
        PowerKind::LargeObject => {
            (FindingKind::LargeObject, Light::Red, format!("{who} may {privilege} {object}{and_more}"))
        }
        PowerKind::ForeignServer => {
            (FindingKind::ForeignServer, Light::Red, format!("{who} may reach out through {object}"))
        }
    };
    let mend = match through {
        Some(through) => Mend::Dba(vec![revoke(privilege, object, through)]),
        // It goes with the membership or the ownership that it comes by.
        None => Mend::Look,
    };
    Finding::new(kind, light, object.as_str(), message).mended_by(mend)
}

fn of_the_future(default: &DefaultPrivilege) -> Finding {
    let DefaultPrivilege { creator, schema, objects, privilege, grantee: whom } = default;
    let place = schema.as_ref().map_or_else(String::new, |schema| format!(" in schema {}", sql_name(schema)));
    let light = if objects == "tables" { Light::Red } else { Light::Amber };
    let to = grantee(whom);
    let message =
        format!("{objects} that `{creator}` will create{place} open by themselves: {privilege} to {to}");
    let statement = format!(
        "alter default privileges for role {}{place} revoke {privilege} on {objects} from {to}",
        sql_name(creator)
    );
    let subject = format!("future {objects} of {}", sql_name(creator));
    Finding::new(FindingKind::DefaultPrivilege, light, subject, message).mended_by(Mend::Dba(vec![statement]))
}
