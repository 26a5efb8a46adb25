//! `[profiles.NAME.views]`: views that the program makes itself.

use super::condition;
use super::raw::{RawProfile, RawView};
use super::reading::Reading;
use crate::model::context::ContextValue;
use crate::model::view::{Condition, Source, View, Views};
use std::collections::BTreeMap;

/// As long as a name can be in PostgreSQL.
const LONGEST: usize = 63;

impl Reading<'_> {
    pub(super) fn views(
        &mut self,
        key: &str,
        raw: &RawProfile,
        context: &BTreeMap<String, ContextValue>,
    ) -> Views {
        let profile = key.strip_prefix("profiles.").unwrap_or(key);
        let schema = raw.view_schema.clone().unwrap_or_else(|| format!("portcullis_{profile}"));
        let owner = raw.view_owner.clone().unwrap_or_else(|| format!("{}_views", raw.role));
        let mut views = Vec::new();
        for (name, view) in &raw.views {
            let key = format!("{key}.views.{name}");
            if name.is_empty() || name.len() > LONGEST {
                self.fault(&key, format!("`{name}` is no name of a view"));
            }
            views.extend(self.view(&key, name, view, context));
        }
        let views = Views { schema, owner, views };
        if !views.is_empty() {
            self.place_of_views(key, raw, &views);
        }
        views
    }

    fn view(
        &mut self,
        key: &str,
        name: &str,
        raw: &RawView,
        context: &BTreeMap<String, ContextValue>,
    ) -> Option<View> {
        let source = self.qualified(&format!("{key}.source"), &raw.source);
        let lookups: Vec<Option<Source>> = raw
            .lookups
            .iter()
            .enumerate()
            .map(|(n, lookup)| self.qualified(&format!("{key}.lookups[{n}]"), lookup))
            .collect();
        if raw.columns.is_empty() {
            self.fault(&format!("{key}.columns"), "there is none: name each column that agents may read");
        }
        for (n, column) in raw.columns.iter().enumerate() {
            if column.is_empty() || column.len() > LONGEST || raw.columns.iter().take(n).any(|c| c == column)
            {
                self.fault(&format!("{key}.columns[{n}]"), format!("`{column}` is twice here, or no name"));
            }
        }
        if raw.comment.as_ref().is_some_and(|comment| comment.contains('\0')) {
            self.fault(&format!("{key}.comment"), "holds a zero byte");
        }
        Some(View {
            name: name.to_owned(),
            source: source?,
            lookups: lookups.into_iter().collect::<Option<_>>()?,
            columns: raw.columns.clone(),
            condition: raw.condition.as_ref().map(|text| self.condition(key, text, context)),
            comment: raw.comment.clone(),
        })
    }

    fn condition(&mut self, key: &str, text: &str, context: &BTreeMap<String, ContextValue>) -> Condition {
        let key = format!("{key}.where");
        let settings = condition::settings(text).unwrap_or_else(|message| {
            self.fault(&key, message);
            Vec::new()
        });
        for setting in settings.iter().filter(|setting| !context.contains_key(*setting)) {
            let message = format!(
                "nobody makes the setting `{setting}`, so nobody would see a row: name it in `context`"
            );
            self.fault(&key, message);
        }
        Condition { text: text.to_owned(), settings }
    }

    /// Schema and owner are the views' alone, so that whatever else is found there is a stranger.
    fn place_of_views(&mut self, key: &str, raw: &RawProfile, views: &Views) {
        let Views { schema, owner, .. } = views;
        let holds_others = |other: &str| other.split_once('.').is_some_and(|(other, _)| other == schema);
        let sources = raw.views.values().flat_map(|view| std::iter::once(&view.source).chain(&view.lookups));
        let mut others =
            raw.relations.iter().map(super::raw::RawRelation::name).chain(sources.map(String::as_str));
        if schema.is_empty() || schema.len() > LONGEST || is_not_for_agents(schema) || schema == "public" {
            self.fault(
                &format!("{key}.view_schema"),
                format!("`{schema}` cannot be a schema for views alone"),
            );
        } else if others.any(holds_others) {
            let message =
                format!("`{schema}` holds relations that are declared: views need a schema of their own");
            self.fault(&format!("{key}.view_schema"), message);
        }
        if owner.is_empty() || owner.len() > LONGEST || *owner == raw.role || *owner == raw.login {
            let message = format!(
                "`{owner}` cannot be the owner of the views: give them a role that nothing else uses"
            );
            self.fault(&format!("{key}.view_owner"), message);
        }
    }

    /// Two profiles that shared a schema or an owner would each find the other's views too much.
    pub(super) fn views_are_not_shared<'v>(&mut self, all: impl Iterator<Item = (&'v str, &'v Views)>) {
        let mut seen: Vec<(&str, &Views)> = Vec::new();
        for (name, views) in all.filter(|(_, views)| !views.is_empty()) {
            for (other, theirs) in &seen {
                for (part, is_shared) in [
                    ("view_schema", views.schema == theirs.schema),
                    ("view_owner", views.owner == theirs.owner),
                ] {
                    if is_shared {
                        let message = format!("is that of `{other}` too: each profile needs its own");
                        self.fault(&format!("profiles.{name}.{part}"), message);
                    }
                }
            }
            seen.push((name, views));
        }
    }

    /// A relation by schema and name, unless it is none for agents.
    pub(super) fn qualified(&mut self, key: &str, name: &str) -> Option<Source> {
        let Some((schema, name)) = name.split_once('.').filter(|(s, n)| !s.is_empty() && !n.is_empty())
        else {
            self.fault(key, format!("`{name}` has no schema: write `public.{name}`"));
            return None;
        };
        if is_not_for_agents(schema) {
            self.fault(key, format!("`{schema}` is not for agents: declare relations of your own alone"));
            return None;
        }
        Some(Source { schema: schema.to_owned(), name: name.to_owned() })
    }
}

fn is_not_for_agents(schema: &str) -> bool {
    schema == "information_schema" || schema.starts_with("pg_") || schema == "portcullis"
}
