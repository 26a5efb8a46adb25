//! The printer: the only author of text that is executed.
//!
//! Three rules keep its text from meaning anything else to PostgreSQL than the tree says:
//!
//! - every identifier is quoted, so that none is ever a keyword; grammar is printed from constants of ours;
//! - every operand that is not atomic stands in brackets, so that precedence decides nothing;
//! - functions and types carry their schema. Operators do not: `OPERATOR(pg_catalog.=)` would give `citext` the
//!   equality of `text` while `IN`, `LIKE` and `BETWEEN` kept its own. They are resolved along the search path, which
//!   the executor pins to `pg_catalog` and the schemas of allowed extensions before every statement.

mod call;
mod expr;
mod literal;
mod meaning;
mod predicate;
mod query;
mod types;

pub use self::meaning::Meaning;
use crate::{name::write_quoted, tree::Query};

/// The canonical text of `query`.
pub(crate) fn render(query: &Query) -> String {
    let mut text = Text { out: String::with_capacity(512), meaning: None };
    text.query(query);
    text.out
}

/// What the canonical text of `query` is to mean.
pub(crate) fn meaning(query: &Query) -> Meaning {
    let mut text = Text { out: String::new(), meaning: Some(Box::default()) };
    text.query(query);
    text.meaning.map(|meaning| *meaning).unwrap_or_default().sorted()
}

/// Text in the making. Writing to a `String` cannot fail, so neither can printing.
struct Text {
    out: String,
    /// Kept only where somebody asks for it.
    meaning: Option<Box<Meaning>>,
}

impl Text {
    /// Notes what is meant, if somebody asked.
    fn mean(&mut self, note: impl FnOnce(&mut Meaning)) {
        if let Some(meaning) = &mut self.meaning {
            note(meaning);
        }
    }

    fn word(&mut self, word: &str) {
        self.out.push_str(word);
    }

    fn name(&mut self, name: &str) {
        // Writing to a `String` has no error to report.
        let _ = write_quoted(&mut self.out, name);
    }

    fn number(&mut self, number: impl std::fmt::Display) {
        use std::fmt::Write;
        let _ = write!(self.out, "{number}");
    }

    fn qualified(&mut self, schema: &str, name: &str) {
        self.name(schema);
        self.word(".");
        self.name(name);
    }

    /// `a, b, c`
    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.word(", ");
            }
            each(self, item);
        }
    }

    /// `(a, b, c)`
    fn bracketed<T>(&mut self, items: &[T], each: impl FnMut(&mut Self, &T)) {
        self.word("(");
        self.list(items, each);
        self.word(")");
    }
}
