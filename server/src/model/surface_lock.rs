//! What agents could read when somebody last looked: a file for git, so that a column never opens by itself.

use crate::model::profile::{Declared, ProfileName};
use crate::model::reach::Reach;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

/// What was there for each profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurfaceLock(pub BTreeMap<ProfileName, LockedRelations>);

/// The relations of one profile, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockedRelations(pub Vec<LockedRelation>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedRelation {
    pub schema: String,
    pub name: String,
    /// `table`, `view`
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    pub columns: Vec<LockedColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub data_type: String,
}

impl LockedRelations {
    /// What there is now of a declaration.
    #[must_use]
    pub fn now(reach: &Reach, declared: &[Declared]) -> Self {
        let relations = declared.iter().filter_map(|declared| {
            let relation = reach.relation(&declared.schema, &declared.name)?;
            let is_declared = |name: &String| declared.columns.as_ref().is_none_or(|all| all.contains(name));
            let columns = relation.columns.iter().filter(|(name, _)| is_declared(name));
            Some(LockedRelation {
                schema: relation.schema.clone(),
                name: relation.name.clone(),
                kind: relation.kind.word().to_owned(),
                definition: relation.definition.clone(),
                columns: columns
                    .map(|(name, data_type)| LockedColumn {
                        name: name.clone(),
                        data_type: data_type.clone(),
                    })
                    .collect(),
            })
        });
        let mut relations: Vec<LockedRelation> = relations.collect();
        relations.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        Self(relations)
    }

    #[must_use]
    pub fn relation(&self, schema: &str, name: &str) -> Option<&LockedRelation> {
        self.0.iter().find(|relation| relation.schema == schema && relation.name == name)
    }
}

impl LockedRelation {
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&LockedColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    #[serde(default)]
    profiles: BTreeMap<String, Vec<LockedRelation>>,
}

const VERSION: u32 = 1;
const HEAD: &str = "# What agents could read when somebody last looked. `portcullis surface lock` writes it; review it like code.\n";

/// Why a text is no lock.
#[derive(Debug, thiserror::Error)]
pub enum NotALock {
    #[error("{}", .0.message())]
    Malformed(#[from] toml::de::Error),
    #[error("version {0} is not known here")]
    Version(u32),
    #[error(transparent)]
    Name(#[from] crate::model::profile::NotAProfileName),
}

impl SurfaceLock {
    pub fn parse(text: &str) -> Result<Self, NotALock> {
        let written: Written = toml::from_str(text)?;
        if written.version != VERSION {
            return Err(NotALock::Version(written.version));
        }
        let profiles = written.profiles.into_iter().map(|(name, relations)| {
            Ok::<_, NotALock>((name.parse::<ProfileName>()?, LockedRelations(relations)))
        });
        Ok(Self(profiles.collect::<Result<_, _>>()?))
    }

    /// The same text for the same surface, whatever the order in which it was read.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}version = {VERSION}\n");
        for (profile, relations) in &self.0 {
            let mut relations: Vec<&LockedRelation> = relations.0.iter().collect();
            relations.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
            for relation in relations {
                // Writing to a string cannot fail.
                let _ = relation.write(&mut text, profile);
            }
        }
        text
    }
}

impl LockedRelation {
    fn write(&self, out: &mut String, profile: &ProfileName) -> fmt::Result {
        let Self { schema, name, kind, definition, columns } = self;
        writeln!(out, "\n[[profiles.{profile}]]\nschema = {}", quoted(schema))?;
        writeln!(out, "name = {}\nkind = {}", quoted(name), quoted(kind))?;
        if let Some(definition) = definition {
            writeln!(out, "definition = {}", quoted(definition))?;
        }
        writeln!(out, "columns = [")?;
        for LockedColumn { name, data_type } in columns {
            writeln!(out, "    {{ name = {}, type = {} }},", quoted(name), quoted(data_type))?;
        }
        writeln!(out, "]")
    }
}

impl SurfaceLock {
    /// What is not as it was, a sentence each.
    #[must_use]
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let names: BTreeSet<&ProfileName> = self.0.keys().chain(now.0.keys()).collect();
        let changes = names.into_iter().flat_map(|name| {
            match (self.0.get(name), now.0.get(name)) {
                (Some(before), Some(now)) => before.changes(now),
                (None, _) => vec!["the profile is new".to_owned()],
                (_, None) => vec!["the profile is gone".to_owned()],
            }
            .into_iter()
            .map(move |change| format!("{name}: {change}"))
        });
        changes.collect()
    }
}

impl LockedRelations {
    fn changes(&self, now: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for before in &self.0 {
            match now.relation(&before.schema, &before.name) {
                Some(now) => changes.extend(before.changes(now)),
                None => changes.push(format!("relation `{}.{}` is gone", before.schema, before.name)),
            }
        }
        let new = now.0.iter().filter(|now| self.relation(&now.schema, &now.name).is_none());
        changes.extend(new.map(|now| format!("relation `{}.{}` is new", now.schema, now.name)));
        changes
    }
}

impl LockedRelation {
    fn changes(&self, now: &Self) -> Vec<String> {
        let name = format!("{}.{}", self.schema, self.name);
        let mut changes = Vec::new();
        if self.kind != now.kind {
            changes.push(format!("`{name}` is a {} now, it was a {}", now.kind, self.kind));
        } else if self.definition != now.definition {
            changes.push(format!("view `{name}` changed"));
        }
        for LockedColumn { name: column, data_type } in &self.columns {
            match now.column(column) {
                None => changes.push(format!("`{name}` lost its column `{column}`")),
                Some(now) if now.data_type != *data_type => changes.push(format!(
                    "column `{column}` of `{name}` is a {} now, it was a {data_type}",
                    now.data_type
                )),
                Some(_) => {}
            }
        }
        let new = now.columns.iter().filter(|now| self.column(&now.name).is_none());
        changes.extend(new.map(|now| format!("`{name}` gained a column `{}`", now.name)));
        changes
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
