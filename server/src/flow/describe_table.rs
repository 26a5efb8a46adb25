//! What one relation looks like.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::record::{self, NotAnswered, Recorded, Request};
use crate::flow::run_query::failure;
use crate::model::attempt::Tool;
use crate::model::catalog::{Catalog, Relation};
use crate::model::outcome::{Decision, Outcome, Refused};
use crate::warehouse::Fault;
use serde_json::json;

/// The description, or why there is none.
#[derive(Debug)]
pub enum Description {
    Relation(Box<Relation>),
    /// The profile has none of that name; whether anything of that name exists is not told.
    Unknown,
    Failed(Fault),
}

/// Describes the relation that `name` names: with or without its schema, with or without quotes.
pub async fn describe_table(
    portcullis: &Portcullis,
    principal: &Principal,
    name: &str,
) -> Result<Recorded<Description>, NotAnswered> {
    let arguments = json!({ "name": name });
    let request = Request { tool: Tool::DescribeTable.name(), arguments, sql: None };
    let open = record::begin(portcullis, principal, request).await?;
    let description = match principal.reading().await {
        Ok(reading) => match find(&reading.catalog, name) {
            Some(relation) => Description::Relation(Box::new(relation.clone())),
            None => Description::Unknown,
        },
        Err(fault) => Description::Failed(fault),
    };
    let outcome = match &description {
        Description::Relation(relation) => Outcome {
            relations: vec![format!("{}.{}", relation.schema, relation.name)],
            row_count: relation.columns.len() as u64,
            ..Outcome::of(Decision::Allowed, open.elapsed())
        },
        Description::Unknown => Outcome {
            subject: Some(name.chars().take(200).collect()),
            ..Outcome::of(Decision::Refused(Refused::UnknownTable), open.elapsed())
        },
        Description::Failed(fault) => failure(fault, open.elapsed()),
    };
    Ok(open.complete(&outcome, description).await?)
}

fn find<'a>(catalog: &'a Catalog, name: &str) -> Option<&'a Relation> {
    let words = words(name)?;
    let named = |relation: &&Relation| match words.as_slice() {
        [name] => relation.name == *name,
        [schema, name] => relation.schema == *schema && relation.name == *name,
        _ => false,
    };
    let in_public = |relation: &&Relation| relation.schema == "public" && named(relation);
    catalog.relations.iter().find(in_public).or_else(|| catalog.relations.iter().find(named))
}

/// The words of a dotted name as PostgreSQL reads them: folded to lower case unless quoted, a doubled quote standing for
/// itself. `None` where a quote is left open.
fn words(name: &str) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut chars = name.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let word = words.last_mut()?;
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => word.push('"'),
            '"' => quoted = !quoted,
            '.' if !quoted => words.push(String::new()),
            c if quoted => word.push(c),
            c => word.push(c.to_ascii_lowercase()),
        }
    }
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_are_read_as_postgresql_reads_them() {
        let cases: [(&str, &[&str]); 5] = [
            ("orders", &["orders"]),
            (" Public.Orders ", &["public", "orders"]),
            ("\"Public\".\"a.b\"", &["Public", "a.b"]),
            ("\"a\"\"b\"", &["a\"b"]),
            ("a.b.c", &["a", "b", "c"]),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name).unwrap(), expected, "{name}");
        }
        assert_eq!(words("\"open"), None);
    }
}
