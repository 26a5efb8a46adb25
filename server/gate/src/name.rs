//! Names as PostgreSQL sees them: already folded, never empty, at most 63 bytes.
//!
//! PostgreSQL folds what is not quoted and cuts identifiers at `NAMEDATALEN - 1` bytes
//! (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>). Folding here is in ASCII only,
//! as the server's is in UTF-8: the Kelvin sign must not become `k`.

use std::fmt::{self, Write};

/// PostgreSQL silently cuts longer identifiers, so two of them could become one.
pub(crate) const MAX_IDENTIFIER_BYTES: usize = 63;

/// Writes `name` as a quoted identifier: no word inside quotes is ever grammar.
pub(crate) fn write_quoted(out: &mut impl Write, name: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('"') {
        out.write_str(before)?;
        out.write_str("\"\"")?;
        rest = after;
    }
    out.write_str(rest)?;
    out.write_char('"')
}

/// Writes `name` for people: quoted only where PostgreSQL would need it.
pub(crate) fn write_plain(out: &mut impl Write, name: &str) -> fmt::Result {
    if is_plain(name) { out.write_str(name) } else { write_quoted(out, name) }
}

/// `name` as SQL reads it back: quoted where PostgreSQL needs that, its reserved words included.
#[must_use]
pub fn sql_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    // Writing to a string cannot fail.
    let _ = if is_reserved(name) { write_quoted(&mut out, name) } else { write_plain(&mut out, name) };
    out
}

/// Whether `name` reads back as itself without quotes, reserved words apart.
fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether `word`, in lower case, cannot name a column or a table without quotes.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// PostgreSQL's words that cannot name a column or table without quotes
/// (<https://www.postgresql.org/docs/current/sql-keywords-appendix.html>), sorted.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary",
    "both", "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create",
    "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except",
    "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in",
    "initially", "inner", "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like",
    "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only", "or",
    "order", "outer", "overlaps", "placing", "primary", "references", "returning", "right", "select",
    "session_user", "similar", "some", "symmetric", "system_user", "table", "tablesample", "then", "to", "trailing",
    "true", "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window", "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn a_quote_inside_a_name_is_doubled() {
        let mut text = String::new();
        write_quoted(&mut text, "a\"b\"").unwrap();
        assert_eq!(text, r#""a""b""""#);
    }

    #[test]
    fn people_see_quotes_only_where_they_are_needed() {
        let plain = |name: &str| {
            let mut text = String::new();
            write_plain(&mut text, name).unwrap();
            text
        };
        assert_eq!(plain("order_items"), "order_items");
        assert_eq!(plain("Order"), "\"Order\"");
        assert_eq!(plain("größe"), "\"größe\"");
    }
}
