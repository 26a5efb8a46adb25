//! The statements that mend a difference, their names quoted where needed.

use crate::model::reach::{Grantee, Kind, Relation};
use gate::sql_name;

/// `public.orders`
pub(super) fn relation_name(schema: &str, name: &str) -> String {
    format!("{}.{}", sql_name(schema), sql_name(name))
}

/// What stands after `on`.
pub(super) fn object(relation: &Relation) -> String {
    let name = relation_name(&relation.schema, &relation.name);
    match relation.kind {
        Kind::Sequence => format!("sequence {name}"),
        _ => name,
    }
}

pub(super) fn grantee(grantee: &Grantee) -> String {
    match grantee {
        Grantee::Public => "public".to_owned(),
        Grantee::Role(role) => sql_name(role),
    }
}

/// `select`, or `select (id, name)`
pub(super) fn privilege(privilege: &str, columns: &[String]) -> String {
    if columns.is_empty() {
        return privilege.to_owned();
    }
    let columns: Vec<String> = columns.iter().map(|column| sql_name(column)).collect();
    format!("{privilege} ({})", columns.join(", "))
}

pub(super) fn grant(privilege: &str, on: &str, to: &str) -> String {
    format!("grant {privilege} on {on} to {}", sql_name(to))
}

pub(super) fn revoke(privilege: &str, on: &str, from: &Grantee) -> String {
    format!("revoke {privilege} on {on} from {}", grantee(from))
}
