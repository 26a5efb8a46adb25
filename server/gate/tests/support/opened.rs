//! The widest policy, for all who test what can be opened at all.

use std::collections::BTreeMap;

use gate::{Kind, Offset, Policy, Recursion, SelectStar, TableFunctions};

/// Everything that can be opened, opened.
pub(crate) fn open() -> Policy {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|&(name, schema)| (name.to_owned(), schema.to_owned())).collect()
    };
    let sets = gate::allowed_functions().filter(|(_, kind)| *kind == Kind::SetReturning);
    Policy {
        select_star: SelectStar::Expand,
        offset: Offset::Allow,
        set_returning: sets.map(|(name, _)| name.to_owned()).collect(),
        table_functions: TableFunctions::Allow,
        recursion: Recursion::Bounded(50),
        extension_functions: map(&[
            ("similarity", "ext"),
            ("word_similarity", "ext"),
            ("show_trgm", "ext"),
            ("st_area", "gis"),
        ]),
        extension_types: map(&[("citext", "ext"), ("geometry", "gis")]),
        extension_operators: map(&[("<%", "ext"), ("<=>", "ext")]),
        ..Policy::default()
    }
}
