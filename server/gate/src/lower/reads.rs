//! What a statement reads and calls, noted as it is lowered.

use std::collections::BTreeSet;

use crate::{Relation, admitted::Findings, tree::Name};

#[derive(Default)]
pub(crate) struct Reads<'s> {
    relations: BTreeSet<(&'s str, &'s str)>,
    columns: BTreeSet<(&'s str, &'s str, &'s str)>,
    functions: BTreeSet<Name>,
    outputs: Vec<Name>,
    limit: Option<u64>,
}

impl<'s> Reads<'s> {
    pub(super) fn relation(&mut self, relation: &'s Relation) {
        self.relations.insert((&relation.schema, &relation.name));
    }

    pub(super) fn column(&mut self, relation: &'s Relation, column: &'s str) {
        self.columns.insert((&relation.schema, &relation.name, column));
    }

    pub(super) fn function(&mut self, name: Name) {
        self.functions.insert(name);
    }

    pub(super) fn returns(&mut self, outputs: Vec<Name>, limit: Option<u64>) {
        self.outputs = outputs;
        self.limit = limit;
    }

    pub(crate) fn findings(&self) -> Findings {
        let name = |schema: &str, name: &str| crate::RelationName::new(schema, name);
        Findings {
            relations: self.relations.iter().map(|&(schema, relation)| name(schema, relation)).collect(),
            columns: self
                .columns
                .iter()
                .map(|&(schema, relation, column)| (name(schema, relation), column.to_owned()))
                .collect(),
            functions: self.functions.iter().map(ToString::to_string).collect(),
            outputs: self.outputs.iter().map(ToString::to_string).collect(),
            limit: self.limit,
        }
    }
}
