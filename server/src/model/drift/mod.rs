//! Where the warehouse differs from what a profile declares, with words for a person and the SQL that mends it.
//!
//! Invariant: pure. [`Reach`] holds the facts, the declaration says what should be, and the findings are the difference.

mod powers;
mod relations;
mod roles;
mod sql;
mod views;

use crate::model::profile::Declared;
use crate::model::reach::Reach;
use crate::model::surface_lock::LockedRelations;
use crate::model::view::Views;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    pub light: Light,
    /// What it is about, quoted where SQL would need it: `public.orders`, `portcullis_support`.
    pub subject: String,
    /// A sentence without a full stop.
    pub message: String,
    pub mend: Mend,
    /// What makes it too dangerous to serve with, unless the profile tolerates it.
    pub risks: Vec<Risk>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// It works, though less tightly than it could.
    Amber,
    /// It goes beyond what is declared, or does not work.
    Red,
}

/// Who can mend it, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// `portcullis grants --apply` says these.
    Apply(Vec<String>),
    /// An administrator of the warehouse should say these.
    Dba(Vec<String>),
    /// No statement mends it: the declaration is wrong, or somebody should look first.
    Look,
}

/// A danger that `profiles.x.tolerate` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    Superuser,
    Writes,
    BeyondDeclaration,
}

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// The word for machines: JSON, alerts, scripts.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

codes! {
    /// What is wrong.
    FindingKind {
        /// The way in is shut, so that nothing can be said about the rest.
        NoWayIn = "no_way_in",
        RoleMissing = "role_missing",
        Superuser = "superuser",
        Attribute = "attribute",
        Membership = "membership",
        Ownership = "ownership",
        PublicGrant = "public_grant",
        ExtraGrant = "extra_grant",
        MissingGrant = "missing_grant",
        DroppedRelation = "dropped_relation",
        DroppedColumn = "dropped_column",
        NotReadable = "not_readable",
        ShowsTheStore = "shows_the_store",
        NewColumn = "new_column",
        ChangedType = "changed_type",
        ChangedView = "changed_view",
        MissingView = "missing_view",
        ViewOwner = "view_owner",
        ViewBarrier = "view_barrier",
        UndeclaredSource = "undeclared_source",
        ExtraView = "extra_view",
        NotLocked = "not_locked",
        Create = "create",
        Temporary = "temporary",
        DefinerFunction = "definer_function",
        VolatileFunction = "volatile_function",
        LargeObject = "large_object",
        ForeignServer = "foreign_server",
        DefaultPrivilege = "default_privilege",
    }
}

impl FindingKind {
    /// Whether it is a difference between the declaration and what is granted, which `portcullis grants` shows.
    #[must_use]
    pub const fn is_about_grants(self) -> bool {
        !matches!(
            self,
            Self::Superuser
                | Self::Attribute
                | Self::Create
                | Self::Temporary
                | Self::DefinerFunction
                | Self::VolatileFunction
                | Self::LargeObject
                | Self::ForeignServer
                | Self::DefaultPrivilege
        )
    }

    /// Whether something that is declared is lacking; where it is not, something is there that should not be.
    #[must_use]
    pub const fn is_a_lack(self) -> bool {
        matches!(
            self,
            Self::RoleMissing
                | Self::MissingGrant
                | Self::DroppedRelation
                | Self::DroppedColumn
                | Self::NotReadable
                | Self::MissingView
        )
    }
}

impl Risk {
    pub const ALL: [Self; 3] = [Self::Superuser, Self::Writes, Self::BeyondDeclaration];

    /// How it is written in `profiles.x.tolerate`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Superuser => "superuser",
            Self::Writes => "writes",
            Self::BeyondDeclaration => "beyond_declaration",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|risk| risk.word() == word)
    }
}

impl Finding {
    fn new(kind: FindingKind, light: Light, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind,
            light,
            subject: subject.into(),
            message: message.into(),
            mend: Mend::Look,
            risks: Vec::new(),
        }
    }

    /// Nothing can be said, because nobody gets in.
    #[must_use]
    pub fn no_way_in(login: &str, why: impl std::fmt::Display) -> Self {
        let message = format!("`{login}` cannot look around: {why}");
        Self::new(FindingKind::NoWayIn, Light::Red, gate::sql_name(login), message)
    }

    /// The server does not know the role. All that it needs is created by `portcullis roles --emit-sql`.
    #[must_use]
    pub fn role_missing(role: &str) -> Self {
        let message =
            format!("there is no role `{role}`: run what `portcullis roles --emit-sql` prints as a DBA");
        let mend = Mend::Dba(vec![format!("create role {}", gate::sql_name(role))]);
        Self::new(FindingKind::RoleMissing, Light::Red, gate::sql_name(role), message).mended_by(mend)
    }

    fn mended_by(self, mend: Mend) -> Self {
        Self { mend, ..self }
    }

    fn risking(self, risks: impl IntoIterator<Item = Risk>) -> Self {
        Self { risks: risks.into_iter().collect(), ..self }
    }
}

/// What a profile wants.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub role: &'a str,
    pub login: &'a str,
    pub relations: &'a [Declared],
    /// What was there when somebody last looked, if that was written down.
    pub lock: Option<&'a LockedRelations>,
    /// Those of the relations that the program makes itself.
    pub views: Option<&'a Views>,
}

/// Every difference, the worst first, then by subject.
#[must_use]
pub fn findings(reach: &Reach, wanted: Wanted<'_>) -> Vec<Finding> {
    let mut findings = roles::findings(reach, wanted);
    findings.extend(relations::findings(reach, wanted));
    findings.extend(powers::findings(reach));
    findings.extend(views::findings(reach, wanted));
    findings.sort_by(|a, b| (b.light, a.kind, &a.subject).cmp(&(a.light, b.kind, &b.subject)));
    findings
}
