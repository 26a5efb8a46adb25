//! PostgreSQL's parse tree of a printed text, walked in full: its own summaries leave relations out.

use std::collections::BTreeSet;

use gate::{Admitted, Meaning};
use serde_json::Value;

/// What PostgreSQL finds in a text.
#[derive(Default)]
struct Reading {
    relations: BTreeSet<String>,
    members: BTreeSet<String>,
    unqualified: BTreeSet<String>,
    meaning: Meaning,
    strange: Vec<String>,
}

/// The nodes that a text of ours may hold. Whatever else there is, we did not mean it.
const NODES: &[&str] = &[
    "AArrayExpr",
    "AConst",
    "AExpr",
    "AIndices",
    "AIndirection",
    "BoolExpr",
    "BooleanTest",
    "CaseExpr",
    "CaseWhen",
    "CoalesceExpr",
    "CollateClause",
    "ColumnRef",
    "CommonTableExpr",
    "FuncCall",
    "GroupingFunc",
    "GroupingSet",
    "Integer",
    "JoinExpr",
    "JsonArrayAgg",
    "JsonArrayConstructor",
    "JsonFuncExpr",
    "JsonScalarExpr",
    "JsonSerializeExpr",
    "List",
    "MinMaxExpr",
    "NamedArgExpr",
    "NullTest",
    "RangeFunction",
    "RangeSubselect",
    "RangeVar",
    "ResTarget",
    "RowExpr",
    "SelectStmt",
    "SortBy",
    "SqlvalueFunction",
    "String",
    "SubLink",
    "TypeCast",
    "TypeName",
    "WindowDef",
    "JsonValueExpr",
];

/// What the grammar calls by itself, for `like ... escape` and `similar to`.
const GRAMMAR: &[&str] = &["pg_catalog.like_escape", "pg_catalog.similar_to_escape"];

/// Says what PostgreSQL finds that the gate does not claim, or the other way round.
///
/// # Errors
/// The first difference.
pub fn compare(admitted: &Admitted, meaning: &Meaning) -> Result<(), String> {
    let tree =
        pg_query::parse(admitted.text(), 0).map_err(|error| format!("PostgreSQL refuses it: {error}"))?;
    let tree = serde_json::to_value(&tree.protobuf).map_err(|error| error.to_string())?;
    let statements = tree["stmts"].as_array().map_or(0, Vec::len);
    let root = &tree["stmts"][0]["stmt"]["node"];
    if statements != 1 || root.get("SelectStmt").is_none() {
        return Err(format!("{statements} statements, or no SELECT"));
    }
    let mut reading = Reading::default();
    reading.value(root);
    reading.check(admitted, meaning)
}

impl Reading {
    fn check(mut self, admitted: &Admitted, meaning: &Meaning) -> Result<(), String> {
        if let Some(strange) = self.strange.first() {
            return Err(format!("holds {strange}"));
        }
        if let Some(name) = self.unqualified.difference(&self.members).next() {
            return Err(format!("reads `{name}`, which is neither qualified nor a member of WITH"));
        }
        let claimed: BTreeSet<String> =
            admitted.relations().iter().map(|name| format!("{}.{}", name.schema, name.name)).collect();
        differ("relations", &self.relations, &claimed)?;
        let found = &mut self.meaning;
        found.functions.retain(|name| !GRAMMAR.contains(&name.as_str()));
        for words in [&mut found.functions, &mut found.types, &mut found.operators, &mut found.literals] {
            words.sort_unstable();
        }
        differ("functions", &found.functions, &meaning.functions)?;
        differ("types", &found.types, &meaning.types)?;
        differ("operators", &found.operators, &meaning.operators)?;
        differ("literals", &found.literals, &meaning.literals)?;
        let named: BTreeSet<String> = found
            .functions
            .iter()
            .map(|name| name.strip_prefix("pg_catalog.").unwrap_or(name).to_owned())
            .collect();
        differ("names of functions", &named, &admitted.functions().iter().cloned().collect())
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            // A wrapper has one field; what is sorted by has the same among others.
            Value::Object(fields) => match fields.get("node") {
                Some(Value::Object(node)) if fields.len() == 1 => {
                    node.iter().for_each(|(kind, fields)| self.node(kind, fields));
                }
                _ => fields.iter().for_each(|(key, value)| self.field(key, value)),
            },
            _ => {}
        }
    }

    /// Parts that stand in their field without a wrapper.
    fn field(&mut self, key: &str, value: &Value) {
        match (key, value) {
            (_, Value::Null) => {}
            ("type_name", fields) => self.type_name(fields),
            ("larg" | "rarg", fields) if fields.get("target_list").is_some() => {
                self.node("SelectStmt", fields)
            }
            ("SelectStmt", fields) => self.node("SelectStmt", fields),
            (_, value) => self.value(value),
        }
    }

    fn node(&mut self, kind: &str, fields: &Value) {
        if !NODES.contains(&kind) {
            self.strange.push(kind.to_owned());
        }
        match kind {
            "SelectStmt" => {
                let locks = fields["locking_clause"].as_array().is_some_and(|locks| !locks.is_empty());
                if locks || !fields["into_clause"].is_null() {
                    self.strange.push("a lock or INTO".to_owned());
                }
            }
            "RangeVar" => self.relation(fields),
            "CommonTableExpr" => {
                self.members.insert(text(&fields["ctename"]));
            }
            "FuncCall" => self.meaning.functions.push(dotted(&fields["funcname"])),
            "AExpr" => self.operator(fields),
            "SubLink" => {
                let name = dotted(&fields["oper_name"]);
                if !name.is_empty() {
                    self.meaning.operators.push(name);
                }
            }
            "AConst" => return self.constant(fields),
            "TypeName" => return self.type_name(fields),
            "ColumnRef" => {
                // Always `alias.column`, never a star or more.
                let parts = fields["fields"].as_array().map_or(0, Vec::len);
                if parts != 2 || dotted(&fields["fields"]).split('.').count() < 2 {
                    self.strange.push(format!("the column reference {fields}"));
                }
                return;
            }
            "CollateClause" => {
                let name = dotted(&fields["collname"]);
                if !name.starts_with("pg_catalog.") {
                    self.strange.push(format!("the collation {name}"));
                }
                return self.value(&fields["arg"]);
            }
            _ => {}
        }
        self.value(fields);
    }

    fn relation(&mut self, fields: &Value) {
        let (schema, name) = (text(&fields["schemaname"]), text(&fields["relname"]));
        if !text(&fields["catalogname"]).is_empty() {
            self.strange.push("a relation of another database".to_owned());
        }
        if schema.is_empty() {
            self.unqualified.insert(name);
        } else {
            self.relations.insert(format!("{schema}.{name}"));
        }
    }

    /// `IN`, `LIKE`, `BETWEEN` and their kin are operators for the parser, and grammar for us.
    fn operator(&mut self, fields: &Value) {
        let kind = fields["kind"].as_i64().unwrap_or_default();
        let (plain, any, all) = (1, 2, 3);
        if [plain, any, all].contains(&kind) {
            self.meaning.operators.push(dotted(&fields["name"]));
        }
    }

    fn constant(&mut self, fields: &Value) {
        if fields["isnull"] == true {
            return self.meaning.literals.push("null".to_owned());
        }
        let Some((kind, value)) = fields["val"].as_object().and_then(|val| val.iter().next()) else {
            return self.strange.push(format!("the constant {fields}"));
        };
        let literal = match kind.as_str() {
            "Ival" => value["ival"].to_string(),
            "Fval" => text(&value["fval"]),
            "Sval" => text(&value["sval"]),
            "Boolval" => value["boolval"].to_string(),
            _ => return self.strange.push(format!("the constant {fields}")),
        };
        self.meaning.literals.push(literal);
    }

    fn type_name(&mut self, fields: &Value) {
        let name = dotted(&fields["names"]);
        let modifiers: Vec<String> = fields["typmods"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|modifier| modifier["node"]["AConst"]["val"]["Ival"]["ival"].to_string())
            .collect();
        let dimensions = fields["array_bounds"].as_array().map_or(0, Vec::len);
        if fields["setof"] == true || fields["pct_type"] == true {
            self.strange.push(format!("the type {name}"));
        }
        let modifiers = if modifiers.is_empty() || name == "pg_catalog.interval" {
            String::new()
        } else {
            format!("({})", modifiers.join(","))
        };
        self.meaning.types.push(format!("{name}{modifiers}{}", "[]".repeat(dimensions)));
    }
}

fn differ<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, claimed: &T) -> Result<(), String> {
    if found == claimed {
        Ok(())
    } else {
        Err(format!("{what}: PostgreSQL finds {found:?}, the gate says {claimed:?}"))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The parts of a name.
fn dotted(parts: &Value) -> String {
    let parts = parts.as_array().into_iter().flatten();
    parts.map(|part| text(&part["node"]["String"]["sval"])).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use gate::{Column, Policy, Relation, Surface, judge_and_explain};

    use super::compare;

    #[test]
    fn every_claim_is_compared() {
        let column = |name: &str| Column { name: name.to_owned(), type_name: "text".to_owned() };
        let relation = |name: &str| Relation {
            schema: "public".to_owned(),
            name: name.to_owned(),
            columns: vec![column("a"), column("b")],
        };
        let surface = Surface::new(vec!["public".to_owned()], [relation("x"), relation("y")]);
        let explained = |sql: &str| judge_and_explain(sql, &surface, &Policy::default()).expect("may run");
        let (said, meaning) = explained("select lower(a) || 'q', 1::text from x where a < - 2");
        assert_eq!(compare(&said, &meaning), Ok(()));
        for other in [
            "select upper(a) || 'q', 1::text from x where a < - 2",
            "select lower(a) || 'p', 1::text from x where a < - 2",
            "select lower(a) || 'q', 1::int from x where a < - 2",
            "select lower(a) || 'q', 1::text from x where a > - 2",
            "select lower(a) || 'q', 1::text from x where a < 2",
        ] {
            assert!(compare(&explained(other).0, &meaning).is_err(), "{other}");
        }
        let (other, meaning) = explained("select a from y");
        assert_eq!(compare(&other, &meaning), Ok(()));
    }
}
