//! The shop that the tests judge against.

#![allow(dead_code, unused_imports)]

mod opened;

use std::{fs, path::Path};

use gate::{Column, Reason, Relation, Surface};
pub(crate) use opened::open;
use serde_json::Value;

pub(crate) fn surface() -> Surface {
    surface_of(include_str!("../corpus/surface.json"))
}

/// The tables of a decision-support benchmark.
pub(crate) fn retail_surface() -> Surface {
    surface_of(include_str!("../corpus/retail_surface.json"))
}

pub(crate) fn surface_of(json: &str) -> Surface {
    let json: Value = serde_json::from_str(json).unwrap();
    let search_path = json["search_path"].as_array().unwrap().iter().map(text).collect();
    let relations = json["relations"].as_object().unwrap().iter().map(|(name, columns)| {
        let (schema, name) = name.split_once('.').unwrap();
        let columns = columns.as_object().unwrap().iter();
        Relation {
            schema: schema.to_owned(),
            name: name.to_owned(),
            columns: columns
                .map(|(name, kind)| Column { name: name.clone(), type_name: text(kind) })
                .collect(),
        }
    });
    Surface::new(search_path, relations)
}

pub(crate) fn lines(jsonl: &str) -> impl Iterator<Item = Value> {
    jsonl.lines().map(|line| serde_json::from_str(line).unwrap())
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The pages of `spec/`: refused statements, each with one below it that may be written instead, where there is one.
pub(crate) fn pages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec");
    let pages = Reason::ALL.map(|reason| fs::read_to_string(folder.join(format!("{reason}.md"))).unwrap());
    let chapters = pages.iter().flat_map(|page| page.split("\n## ").skip(1));
    chapters
        .filter_map(|chapter| {
            let block = |fence| Some(chapter.split_once(fence)?.1.split_once("\n```")?.0.to_owned());
            Some((block("```sql\n")?, block("```sql admitted\n")?))
        })
        .collect()
}
