//! The two texts that the warehouse is sent for one statement of an agent.
//!
//! Both hold the agent's statement whole, as a subquery `q` whose columns are renamed `c1`, `c2` ... by their places, so
//! that equal and empty names do not matter.
//!
//! The first asks for the types of its columns. It joins the subquery on `false`: the planner sees that no row can come
//! of it and plans nothing, yet privileges are checked. (A `Describe` of the bare statement would tell the same, but the
//! driver then resolves types for itself, stumbles over multiranges, and leaves a named statement behind.)
//!
//! The second fetches the rows, each cell as text that the server has converted and bounded. The planner hands the limit
//! down through the subquery: point look-ups keep their index, `order by` keeps its top-N sort, and the order of a
//! sorted subquery is the order of the rows. Each column is mentioned once, so nothing is computed twice.

use std::fmt::Write as _;
use std::ops::Range;

use uuid::Uuid;

use super::form::Form;

/// A text for the warehouse, and the places of the agent's own characters in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrapped {
    pub(super) text: String,
    pub(super) agents: Range<usize>,
}

/// Asks for one row: the numbers of the columns' types.
pub(super) fn types(note: &str, agents: &str, columns: usize) -> Wrapped {
    let mut text = format!("{note}select array[");
    list(&mut text, columns, |text, column| {
        let _ = write!(text, "pg_catalog.pg_typeof(q.c{column})::pg_catalog.oid");
    });
    text.push_str("]::pg_catalog.oid[] from (select) as one left join");
    let agents = subquery(&mut text, agents, columns);
    text.push_str(" on false");
    Wrapped { text, agents }
}

/// Asks for at most `rows` rows, every cell of them at most `longest` characters of text.
pub(super) fn rows(note: &str, agents: &str, forms: &[Form], rows: u64, longest: usize) -> Wrapped {
    let mut text = format!("{note}select ");
    list(&mut text, forms.len(), |text, column| {
        if let Some(form) = forms.get(column - 1) {
            form.expression(text, column, longest);
        }
    });
    text.push_str(" from");
    let agents = subquery(&mut text, agents, forms.len());
    let _ = write!(text, " limit {rows}");
    Wrapped { text, agents }
}

/// Asks for the plan of a text, the names of relations with their schemas.
pub(super) fn explained(text: &Wrapped) -> Wrapped {
    const EXPLAIN: &str = "explain (format json, verbose) ";
    let Range { start, end } = text.agents;
    let agents = start + EXPLAIN.len()..end + EXPLAIN.len();
    Wrapped { text: format!("{EXPLAIN}{}", text.text), agents }
}

/// The comment by which a human who looks at the running statements knows whose this is.
pub(super) fn note(attempt: Uuid, person: &str, client: &str) -> String {
    format!("/* portcullis attempt={attempt} person={} client={} */ ", plain(person), plain(client))
}

/// The name under which `pg_stat_activity` shows the session; PostgreSQL keeps 63 bytes of it.
pub(super) fn session_name(attempt: Uuid, person: &str, client: &str) -> String {
    let mut name = format!("portcullis {attempt} {} {}", plain(person), plain(client));
    name.truncate(63);
    name
}

/// Only what can neither end a comment nor begin anything else, and one byte a character.
fn plain(word: &str) -> String {
    let plain =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '-') { c } else { '_' };
    word.chars().take(63).map(plain).collect()
}

/// The line ends keep a comment at the end of the agent's text, should there ever be one, to itself.
fn subquery(text: &mut String, agents: &str, columns: usize) -> Range<usize> {
    text.push_str(" (\n");
    let start = text.chars().count();
    let places = start..start + agents.chars().count();
    text.extend([agents, "\n) as q"]);
    if columns > 0 {
        text.push('(');
        list(text, columns, |text, column| {
            let _ = write!(text, "c{column}");
        });
        text.push(')');
    }
    places
}

fn list(text: &mut String, columns: usize, mut item: impl FnMut(&mut String, usize)) {
    for column in 1..=columns {
        if column > 1 {
            text.push_str(", ");
        }
        item(text, column);
    }
}

#[cfg(test)]
mod tests {
    use super::{note, rows, session_name, types};
    use crate::warehouse::form::Form;
    use uuid::Uuid;

    #[test]
    fn the_statement_stands_alone_on_its_lines() {
        let types = types("", "select 1, 2", 2);
        assert_eq!(
            types.text,
            "select array[pg_catalog.pg_typeof(q.c1)::pg_catalog.oid, pg_catalog.pg_typeof(q.c2)::pg_catalog.oid]\
             ::pg_catalog.oid[] from (select) as one left join (\nselect 1, 2\n) as q(c1, c2) on false"
        );
        assert_eq!(types.text.get(types.agents.clone()), Some("select 1, 2"));
        let rows = rows("", "select 1 as a, 2 as a", &[Form::Plain, Form::Text], 11, 5);
        assert_eq!(
            rows.text,
            "select q.c1::pg_catalog.text, pg_catalog.left(q.c2::pg_catalog.text, 5) from (\nselect 1 as a, 2 as a\n) \
             as q(c1, c2) limit 11"
        );
    }

    #[test]
    fn a_statement_without_columns_stays_without() {
        assert_eq!(
            rows("", "select from t", &[], 3, 5).text,
            "select  from (\nselect from t\n) as q limit 3"
        );
    }

    #[test]
    fn nobody_can_end_our_comment() {
        let note = note(Uuid::nil(), "eve*/ drop table x --", "a\n/*b");
        assert_eq!(
            note,
            "/* portcullis attempt=00000000-0000-0000-0000-000000000000 person=eve___drop_table_x_-- client=a___b */ "
        );
    }

    #[test]
    fn a_session_name_fits() {
        let name = session_name(Uuid::nil(), &"é".repeat(100), "client");
        assert_eq!(name.len(), 63);
        assert!(name.starts_with("portcullis 00000000-0000-0000-0000-000000000000 ____"), "{name}");
    }
}
