//! What the roles of a profile can really do in the warehouse, whoever let them: facts alone, no judgement.

use crate::model::view::Mark;

/// The reach of a profile's role and of its login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    pub database: String,
    pub database_owner: String,
    /// The profile's role first, then its login.
    pub roles: Vec<Role>,
    /// Those that are declared, and those that one of the roles may touch, by name.
    pub relations: Vec<Relation>,
    pub schemas: Vec<SchemaGrant>,
    pub powers: Vec<Power>,
    pub defaults: Vec<DefaultPrivilege>,
    /// What stands where the profile's own views belong.
    pub views: Option<Box<ViewSchema>>,
}

/// The schema of a profile's views.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewSchema {
    /// `None` where there is no such schema.
    pub schema_owner: Option<String>,
    /// Everything in it, by name.
    pub relations: Vec<FoundView>,
    /// What the owner of the views can do, and the sources of the views.
    pub owner_reach: Reach,
}

/// Something that stands in the schema of the views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundView {
    pub name: String,
    pub owner: String,
    /// What its author says of it.
    pub comment: Option<String>,
    /// What we wrote beside it when we made it.
    pub mark: Option<Mark>,
    /// A hash of the view's text as PostgreSQL prints it; `None` where it is no view.
    pub printed: Option<String>,
    pub has_barrier: bool,
    pub reads_as_asker: bool,
    /// Relations that it reads, as `schema.name`.
    pub reads: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub name: String,
    /// `None` where the server knows no role of that name.
    pub traits: Option<Traits>,
    pub memberships: Vec<Membership>,
    pub owned: Vec<Owned>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// `superuser`, `replication`, `bypassrls`, `createdb`, `createrole`.
    pub powers: Vec<String>,
    pub can_log_in: bool,
    pub inherits: bool,
}

/// A role that this one was made a member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub name: String,
    /// That role, and every other that it leads to.
    pub leads_to: Vec<String>,
}

/// An object that a role owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// As `alter` names it: `table`, `materialized view`, `schema`.
    pub kind: String,
    /// Quoted where needed.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub schema: String,
    pub name: String,
    pub kind: Kind,
    pub owner: String,
    /// Name and type of each column, in their order.
    pub columns: Vec<(String, String)>,
    /// A hash of the view's text, of its options and of all views beneath it.
    pub definition: Option<String>,
    /// Whether it is a view over the program's own tables.
    pub shows_the_store: bool,
    pub access: Vec<Access>,
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Table,
    PartitionedTable,
    View,
    MaterializedView,
    ForeignTable,
    Sequence,
    Other,
}

/// What one role may do with a relation, taken all together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub role: String,
    /// Whether its schema is open to the role, without which nothing else counts.
    pub is_open: bool,
    /// Columns that it may select.
    pub readable: Vec<String>,
    /// Whatever else it may: `insert`, `truncate`.
    pub others: Vec<String>,
}

/// One privilege on a relation, as somebody granted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub grantee: Grantee,
    /// In lower case: `select`.
    pub privilege: String,
    /// The column, where it was not granted on the whole.
    pub column: Option<String>,
    /// Whether the grantee may grant it on.
    pub is_grantable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grantee {
    Public,
    Role(String),
}

/// A privilege on a schema that was granted to one of the roles itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaGrant {
    pub schema: String,
    pub role: String,
    pub privilege: String,
    pub is_grantable: bool,
}

/// Something besides relations that a role may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Power {
    pub role: String,
    pub kind: PowerKind,
    pub privilege: String,
    /// As `grant` names it, quoted where needed: `schema public`.
    pub object: String,
    /// How many more of the kind there are that nobody lists.
    pub more: i64,
    /// To whom it was granted; `None` where it comes by membership or ownership.
    pub through: Option<Grantee>,
    /// The extension that it belongs to.
    pub extension: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerKind {
    Create,
    Temporary,
    /// A function that runs with the rights of its owner.
    DefinerFunction,
    /// A function that may do anything that its caller may.
    VolatileFunction,
    LargeObject,
    ForeignServer,
}

/// What is granted on objects that do not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultPrivilege {
    /// Whose new objects.
    pub creator: String,
    /// Only in this schema.
    pub schema: Option<String>,
    /// `tables`, `sequences`, `functions`, `types`, `schemas`.
    pub objects: String,
    pub privilege: String,
    pub grantee: Grantee,
}

impl Kind {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::PartitionedTable => "partitioned table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::ForeignTable => "foreign table",
            Self::Sequence => "sequence",
            Self::Other => "relation",
        }
    }

    /// Whether a profile can declare it.
    #[must_use]
    pub const fn has_rows(self) -> bool {
        !matches!(self, Self::Sequence | Self::Other)
    }
}

impl Reach {
    #[must_use]
    pub fn relation(&self, schema: &str, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.schema == schema && relation.name == name)
    }
}

impl Relation {
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| column == name)
    }
}
