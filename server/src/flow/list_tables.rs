//! What there is to read.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::record::{self, NotAnswered, Recorded, Request};
use crate::flow::run_query::failure;
use crate::flow::surface::Reading;
use crate::model::attempt::Tool;
use crate::model::catalog::Relation;
use crate::model::outcome::{Decision, Outcome};
use crate::warehouse::Fault;
use serde_json::json;
use std::sync::Arc;

/// Some relations of a reading.
#[derive(Debug)]
pub struct Tables {
    reading: Arc<Reading>,
    word: Option<String>,
}

impl Tables {
    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        let is_meant =
            |relation: &&Relation| self.word.as_deref().is_none_or(|word| relation.speaks_of(word));
        self.reading.catalog.relations.iter().filter(is_meant)
    }
}

/// The relations that the principal's profile can read, by name; with a word, only those that speak of it.
pub async fn list_tables(
    portcullis: &Portcullis,
    principal: &Principal,
    word: Option<String>,
) -> Result<Recorded<Result<Tables, Fault>>, NotAnswered> {
    let arguments = word.as_ref().map_or_else(|| json!({}), |word| json!({ "word": word }));
    let request = Request { tool: Tool::ListTables.name(), arguments, sql: None };
    let open = record::begin(portcullis, principal, request).await?;
    let tables = principal.reading().await.map(|reading| Tables { reading, word });
    let outcome = match &tables {
        Ok(tables) => Outcome {
            row_count: tables.relations().count() as u64,
            ..Outcome::of(Decision::Allowed, open.elapsed())
        },
        Err(fault) => failure(fault, open.elapsed()),
    };
    Ok(open.complete(&outcome, tables).await?)
}
