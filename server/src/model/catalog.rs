//! What a profile can see of the warehouse: its relations and their columns, and no word about anything else.

/// The declared relations as the warehouse has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// In the order of their names.
    pub relations: Vec<Relation>,
    /// Where the declaration asks for more than there is.
    pub gaps: Vec<Gap>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub schema: String,
    pub name: String,
    pub kind: RelationKind,
    pub comment: Option<String>,
    /// What the planner believes; `None` where nobody has counted yet, or counting makes no sense (views).
    pub estimated_rows: Option<u64>,
    /// The readable ones, in their own order.
    pub columns: Vec<Column>,
    /// Those whose both ends are readable.
    pub foreign_keys: Vec<ForeignKey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    Table,
    PartitionedTable,
    View,
    MaterializedView,
    ForeignTable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// As its owner wrote it: `numeric(10,2)`, `shop.order_state`.
    pub data_type: String,
    /// What is beneath a domain; the same as `data_type` otherwise.
    pub base_type: String,
    pub nullable: bool,
    pub comment: Option<String>,
    /// The labels where the type is an enum, an array of one or a domain over one, in their order.
    pub enum_labels: Vec<String>,
    /// Its place in the primary key, from 1.
    pub primary_key: Option<u16>,
    /// What it holds, where the declaration says that this may be told.
    pub values: Option<Values>,
}

/// Some values of a column, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    pub seen: Vec<String>,
    /// Whether the column holds no others.
    pub complete: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    pub columns: Vec<String>,
    pub target_schema: String,
    pub target_name: String,
    /// One for each of `columns`.
    pub target_columns: Vec<String>,
}

/// Something that is declared and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    #[error("`{schema}.{name}` is declared, but the warehouse has no such relation")]
    NoRelation { schema: String, name: String },
    #[error("`{schema}.{name}` is declared, but it is no table and no view")]
    NotReadable { schema: String, name: String },
    #[error("`{schema}.{name}` is declared, but it has no column `{column}`")]
    NoColumn { schema: String, name: String, column: String },
    #[error("`{schema}.{name}` is declared, but `{role}` has no usage on its schema")]
    SchemaClosed { schema: String, name: String, role: String },
    #[error("`{schema}.{name}` is declared, but `{role}` may select none of it")]
    NotGranted { schema: String, name: String, role: String },
    #[error("column `{column}` of `{schema}.{name}` is declared, but `{role}` may not select it")]
    ColumnNotGranted { schema: String, name: String, column: String, role: String },
    #[error("column `{column}` of `{schema}.{name}` stays hidden, because the surface lock does not know it")]
    NotLocked { schema: String, name: String, column: String },
}

impl Catalog {
    #[must_use]
    pub fn relation(&self, schema: &str, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.schema == schema && relation.name == name)
    }
}

impl Relation {
    /// Whether `word` stands in its name, its comment or the name of a column, whatever the case.
    #[must_use]
    pub fn speaks_of(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&word);
        has(&format!("{}.{}", self.schema, self.name))
            || self.comment.as_deref().is_some_and(has)
            || self.columns.iter().any(|column| has(&column.name))
    }
}

impl RelationKind {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::PartitionedTable => "partitioned table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::ForeignTable => "foreign table",
        }
    }
}
