//! `[profiles.NAME]`

use super::raw::{RawProfile, RawRelation};
use super::reading::{Reading, with_password};
use super::{Profile, Timeouts, Warehouse};
use crate::model::budget::Budgets;
use crate::model::context::ContextValue;
use crate::model::limits::Limits;
use crate::model::profile::Declared;
use crate::model::view::Source;
use sqlx::postgres::PgConnectOptions;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Reading<'_> {
    pub(super) fn profile<'r>(
        &mut self,
        key: &str,
        raw: &'r RawProfile,
        warehouse: Option<Arc<Warehouse>>,
        policy: &gate::Policy,
    ) -> Option<impl FnOnce(Limits, Timeouts) -> Profile + use<'r>> {
        let name = key.strip_prefix("profiles.").unwrap_or(key).to_ascii_uppercase();
        let variable = format!("PORTCULLIS_PROFILE_{name}_PASSWORD");
        let password = self.secret(key, raw.password_file.as_deref(), &variable);
        for (part, role) in [("role", &raw.role), ("login", &raw.login)] {
            if role.is_empty() || role.len() > 63 {
                self.fault(&format!("{key}.{part}"), format!("`{role}` is no name of a PostgreSQL role"));
            }
        }
        if raw.role == raw.login {
            let message = "is the role itself: a login of its own keeps the role from being reached outside the program";
            self.fault(&format!("{key}.login"), message);
        }
        let relations = self.relations(key, raw);
        let canaries = self.inner_canaries(key, &raw.canaries, &relations);
        let context = self.context(key, &raw.context);
        let views = self.views(key, raw, &context);
        let mut policy = policy.clone();
        raw.policy
            .apply(&mut policy, &mut |part, message| self.fault(&format!("{key}.policy.{part}"), message));
        let tolerate = self.tolerate(key, &raw.tolerate);
        let warehouse = warehouse?;
        for (operator, schema) in &policy.extension_operators {
            if !warehouse.extension_schemas.contains(schema) {
                let place = warehouse.name.key();
                let message =
                    format!("`{schema}` is not in `{place}.extension_schemas`, so it would not be found");
                self.fault(&format!("{key}.policy.extension_operators.{operator:?}"), message);
            }
        }
        let way = |to: &PgConnectOptions| with_password(to.clone().username(&raw.login), password.clone());
        let (connect, replicas) = (way(&warehouse.connect), warehouse.replicas.iter().map(way).collect());
        Some(move |limits, timeouts| Profile {
            warehouse,
            connect,
            replicas,
            role: raw.role.clone(),
            relations,
            views,
            context,
            policy,
            tools: raw.tools.tools(),
            limits,
            budgets: Budgets::default(),
            timeouts,
            tolerate,
            canaries,
            lock: None,
        })
    }

    /// A login shared by two profiles could enter the role of either, in a single statement.
    pub(super) fn logins_are_not_shared(&mut self, profiles: &BTreeMap<String, RawProfile>) {
        let mut holders: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, profile) in profiles {
            if let Some(other) = holders.insert(&profile.login, name) {
                let message =
                    format!("`{}` is the login of `{other}` too: each profile needs its own", profile.login);
                self.fault(&format!("profiles.{name}.login"), message);
            }
        }
    }

    fn relations(&mut self, key: &str, raw: &RawProfile) -> Vec<Declared> {
        let key = format!("{key}.relations");
        if raw.relations.is_empty() && raw.views.is_empty() {
            self.fault(&key, "there is none, so the profile could read nothing");
        }
        let mut declared: Vec<Declared> = Vec::with_capacity(raw.relations.len());
        for (n, relation) in raw.relations.iter().enumerate() {
            let key = format!("{key}[{n}]");
            let (columns, values) = match relation {
                RawRelation::Whole(_) => (None, Vec::new()),
                RawRelation::Part(part) => (part.columns.clone(), part.values.clone()),
            };
            let Some(Source { schema, name }) = self.qualified(&key, relation.name()) else { continue };
            if columns.as_ref().is_some_and(Vec::is_empty) {
                self.fault(
                    &format!("{key}.columns"),
                    "there is none; leave `columns` out to declare them all",
                );
            }
            if let Some(columns) = &columns {
                for (n, value) in values.iter().enumerate().filter(|(_, value)| !columns.contains(value)) {
                    self.fault(&format!("{key}.values[{n}]"), format!("`{value}` is not in `columns`"));
                }
            }
            if declared.iter().any(|other| other.schema == schema && other.name == name) {
                self.fault(&key, format!("`{schema}.{name}` is declared twice"));
            }
            declared.push(Declared { schema, name, columns, values });
        }
        declared
    }

    fn context(&mut self, key: &str, raw: &BTreeMap<String, String>) -> BTreeMap<String, ContextValue> {
        let mut context = BTreeMap::new();
        for (setting, value) in raw {
            let key = format!("{key}.context.{setting:?}");
            // Custom settings are two words with a dot between them; anything else is one of PostgreSQL's own.
            let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !setting.split_once('.').is_some_and(|(class, name)| word(class) && word(name)) {
                self.fault(
                    &key,
                    "the name of a setting of yours has two words with a dot, like `portcullis.person`",
                );
            }
            if let Some(value) = ContextValue::named(value) {
                context.insert(setting.clone(), value);
            } else {
                self.fault(&key, format!("`{value}` is unknown; there are {}", ContextValue::WORDS));
            }
        }
        context
    }
}
