//! What a profile's agents may say: the same keys in a profile of the configuration and beside the surface of
//! `portcullis judge`.

use gate::{Kind, Offset, Policy, Recursion, SelectStar, TableFunctions};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything that can be opened. What is left out stays refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPolicy {
    select_star: Option<String>,
    offset: Option<String>,
    #[serde(default)]
    set_returning: Vec<String>,
    table_functions: Option<String>,
    series_rows: Option<u64>,
    recursion_steps: Option<u32>,
    #[serde(default)]
    extension_functions: BTreeMap<String, String>,
    #[serde(default)]
    extension_types: BTreeMap<String, String>,
    #[serde(default)]
    extension_operators: BTreeMap<String, String>,
}

/// Longer series and deeper recursions are no questions of analysts.
const MOST_SERIES: u64 = 1_000_000;
const MOST_STEPS: u32 = 200;

impl RawPolicy {
    /// Changes `policy` as far as this says so; `fault` hears of every key that is wrong, and why.
    pub(crate) fn apply(&self, policy: &mut Policy, fault: &mut dyn FnMut(&str, String)) {
        let choices = [("refuse", SelectStar::Refuse), ("expand", SelectStar::Expand)];
        choose("select_star", self.select_star.as_deref(), &choices, &mut policy.select_star, fault);
        let choices = [("refuse", Offset::Refuse), ("allow", Offset::Allow)];
        choose("offset", self.offset.as_deref(), &choices, &mut policy.offset, fault);
        let choices = [("refuse", TableFunctions::Refuse), ("allow", TableFunctions::Allow)];
        let table_functions = self.table_functions.as_deref();
        choose("table_functions", table_functions, &choices, &mut policy.table_functions, fault);
        for (n, name) in self.set_returning.iter().enumerate() {
            if !gate::allowed_functions().any(|(known, kind)| known == name && kind == Kind::SetReturning) {
                let known: Vec<&str> = gate::allowed_functions()
                    .filter(|(_, kind)| *kind == Kind::SetReturning)
                    .map(|(name, _)| name)
                    .collect();
                let message = format!("`{name}` cannot be opened; there are `{}`", known.join("`, `"));
                fault(&format!("set_returning[{n}]"), message);
            }
        }
        policy.set_returning.clone_from(&self.set_returning);
        if let Some(rows) = self.series_rows {
            if !(1..=MOST_SERIES).contains(&rows) {
                fault("series_rows", format!("`{rows}` is not between 1 and {MOST_SERIES}"));
            }
            policy.max_series = rows;
        }
        if let Some(steps) = self.recursion_steps {
            if steps > MOST_STEPS {
                fault("recursion_steps", format!("`{steps}` is above {MOST_STEPS}"));
            }
            policy.recursion = if steps == 0 { Recursion::Refuse } else { Recursion::Bounded(steps) };
        }
        self.extensions(policy, fault);
    }

    fn extensions(&self, policy: &mut Policy, fault: &mut dyn FnMut(&str, String)) {
        for (key, names) in [
            ("extension_functions", &self.extension_functions),
            ("extension_types", &self.extension_types),
            ("extension_operators", &self.extension_operators),
        ] {
            for (name, schema) in names {
                if schema.is_empty() || schema.starts_with("pg_") || schema == "information_schema" {
                    fault(&format!("{key}.{name:?}"), format!("`{schema}` is no schema of an extension"));
                }
            }
        }
        for name in self.extension_functions.keys() {
            let key = format!("extension_functions.{name:?}");
            if gate::allowed_functions().any(|(known, _)| known == name) {
                fault(&key, format!("`{name}` is a function of PostgreSQL itself"));
            } else if let Some(danger) = gate::why_not(name) {
                fault(&key, format!("`{name}` {danger}, and stays closed"));
            }
        }
        for name in self.extension_operators.keys() {
            if !gate::is_extension_operator(name) {
                let message = format!("`{name}` is no operator of an extension that is known here");
                fault(&format!("extension_operators.{name:?}"), message);
            }
        }
        policy.extension_functions.clone_from(&self.extension_functions);
        policy.extension_types.clone_from(&self.extension_types);
        policy.extension_operators.clone_from(&self.extension_operators);
    }
}

fn choose<T: Copy>(
    key: &str,
    word: Option<&str>,
    choices: &[(&str, T); 2],
    choice: &mut T,
    fault: &mut dyn FnMut(&str, String),
) {
    let Some(word) = word else { return };
    let [(first, _), (second, _)] = choices;
    match choices.iter().find(|(known, _)| *known == word) {
        Some((_, chosen)) => *choice = *chosen,
        None => fault(key, format!("`{word}` is neither `{first}` nor `{second}`")),
    }
}

/// The keys of a policy that is in force, as they are written.
pub(super) fn written(policy: &Policy) -> String {
    let word = |open: bool, yes: &'static str| if open { yes } else { "refuse" };
    let steps = match policy.recursion {
        Recursion::Refuse => 0,
        Recursion::Bounded(steps) => steps,
    };
    let table = |names: &BTreeMap<String, String>| {
        let pairs: Vec<String> =
            names.iter().map(|(name, schema)| format!("{name:?} = {schema:?}")).collect();
        if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
    };
    format!(
        "select_star = \"{}\"\noffset = \"{}\"\nset_returning = {:?}\ntable_functions = \"{}\"\nseries_rows = {}\n\
         recursion_steps = {steps}\nextension_functions = {}\nextension_types = {}\nextension_operators = {}\n",
        word(policy.select_star == SelectStar::Expand, "expand"),
        word(policy.offset == Offset::Allow, "allow"),
        policy.set_returning,
        word(policy.table_functions == TableFunctions::Allow, "allow"),
        policy.max_series,
        table(&policy.extension_functions),
        table(&policy.extension_types),
        table(&policy.extension_operators),
    )
}
