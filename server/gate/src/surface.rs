//! What an agent may read: relations and, of each, the readable columns.

use std::{borrow::Cow, cmp::Ordering, fmt};

use crate::name;

/// The relations that one profile may read, and the schemas in which an unqualified name is looked up.
///
/// A surface is the whole world of a statement: what is not on it does not exist, neither in a verdict nor in advice.
#[derive(Clone, Debug)]
pub struct Surface {
    search_path: Vec<String>,
    /// Sorted by schema and name, one entry each.
    relations: Vec<Relation>,
}

/// A table, view, materialized view or foreign table with its readable columns, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    pub schema: String,
    pub name: String,
    pub columns: Vec<Column>,
}

/// A readable column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// As PostgreSQL's `format_type` prints it, or as an operator would write it.
    pub type_name: String,
}

/// A relation by its full name; shows itself as `schema.name`, quoted where needed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationName {
    pub schema: String,
    pub name: String,
}

impl Surface {
    /// Of two relations with the same name the first one counts.
    #[must_use]
    pub fn new(search_path: Vec<String>, relations: impl IntoIterator<Item = Relation>) -> Self {
        let mut relations: Vec<_> = relations.into_iter().collect();
        relations.sort_by(|left, right| left.key().cmp(&right.key()));
        relations.dedup_by(|later, earlier| later.key() == earlier.key());
        Self { search_path, relations }
    }

    /// Sorted by schema and name.
    #[must_use]
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    #[must_use]
    pub fn search_path(&self) -> &[String] {
        &self.search_path
    }

    /// The relation that `name` means: in its schema, or in the first schema of the search path that has it.
    #[must_use]
    pub fn lookup(&self, schema: Option<&str>, name: &str) -> Option<&Relation> {
        match schema {
            Some(schema) => self.find(schema, name),
            None => self.search_path.iter().find_map(|schema| self.find(schema, name)),
        }
    }

    fn find(&self, schema: &str, name: &str) -> Option<&Relation> {
        let at = self.relations.binary_search_by(|relation| relation.key().cmp(&(schema, name))).ok()?;
        self.relations.get(at)
    }

    /// The shortest name that means `relation` in a statement.
    pub(crate) fn spoken_name<'a>(&self, relation: &'a Relation) -> Cow<'a, str> {
        match self.lookup(None, &relation.name) {
            Some(found) if found.schema == relation.schema => Cow::Borrowed(&relation.name),
            _ => Cow::Owned(relation.full_name().to_string()),
        }
    }
}

impl Relation {
    #[must_use]
    pub fn full_name(&self) -> RelationName {
        RelationName { schema: self.schema.clone(), name: self.name.clone() }
    }

    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    fn key(&self) -> (&str, &str) {
        (&self.schema, &self.name)
    }
}

impl RelationName {
    #[must_use]
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }
}

impl fmt::Display for RelationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        name::write_plain(f, &self.schema)?;
        f.write_str(".")?;
        name::write_plain(f, &self.name)
    }
}

impl PartialEq<Relation> for RelationName {
    fn eq(&self, relation: &Relation) -> bool {
        (self.schema.as_str(), self.name.as_str()).cmp(&relation.key()) == Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(schema: &str, name: &str) -> Relation {
        Relation { schema: schema.into(), name: name.into(), columns: vec![] }
    }

    #[test]
    fn an_unqualified_name_is_looked_up_along_the_search_path() {
        let surface = Surface::new(
            vec!["app".into(), "public".into()],
            [relation("public", "orders"), relation("app", "orders"), relation("hr", "salaries")],
        );
        assert_eq!(surface.lookup(None, "orders").unwrap().schema, "app");
        assert_eq!(surface.lookup(Some("public"), "orders").unwrap().schema, "public");
        assert!(surface.lookup(None, "salaries").is_none());
    }

    #[test]
    fn a_relation_is_spoken_of_by_its_shortest_name() {
        let surface =
            Surface::new(vec!["public".into()], [relation("public", "orders"), relation("sales", "orders")]);
        let names: Vec<_> = surface.relations().iter().map(|each| surface.spoken_name(each)).collect();
        assert_eq!(names, ["orders", "sales.orders"]);
    }

    #[test]
    fn a_full_name_is_quoted_where_needed() {
        assert_eq!(RelationName::new("public", "Order").to_string(), "public.\"Order\"");
    }
}
