//! What decides about the types of a statement's columns: all of its text but the values in it.
//!
//! A literal takes part in a type by what it is, a string or an integer of so many digits, never by what it says. So two
//! statements of one shape have columns of the same types as long as the catalogue stays the same, and the types of the
//! first serve the second: two round trips less. The shapes are forgotten whenever the catalogue is read again, and when a
//! statement fails in a way that shows a change. Until then a column whose type has changed is written, with all of its
//! text, by the rules of its former type.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::form::Form;

/// An agent that looks things up asks in few shapes; one that asks in many gains nothing from our keeping them.
const MOST: usize = 256;
const LONGEST: usize = 4096;
/// Every integer of so many digits is an `int4`.
const INT4_DIGITS: usize = 9;

#[derive(Debug, Default)]
pub(super) struct Shapes(Mutex<HashMap<String, Arc<[Form]>>>);

impl Shapes {
    pub(super) fn forms(&self, shape: Option<&str>) -> Option<Arc<[Form]>> {
        self.known().get(shape?).cloned()
    }

    pub(super) fn learn(&self, shape: Option<String>, forms: &Arc<[Form]>) {
        let Some(shape) = shape else { return };
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(shape, Arc::clone(forms));
    }

    pub(super) fn forget(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Arc<[Form]>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text with its strings emptied and its small integers made equal; `None` for what is long, or holds what the gate
/// never prints: comments, and quotes other than single and double ones.
pub(super) fn shape(text: &str) -> Option<String> {
    let foreign = text.len() > LONGEST || text.contains("--") || text.contains("/*") || text.contains('$');
    if foreign {
        return None;
    }
    let mut shape = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\'') || c.is_ascii_digit()) {
        let (plain, special) = rest.split_at_checked(at)?;
        shape.push_str(plain);
        let length = match special.bytes().next()? {
            b'"' => {
                let length = quoted(special, '"', false)?;
                shape.push_str(special.get(..length)?);
                length
            }
            b'\'' => {
                let length = quoted(special, '\'', shape.ends_with(['E', 'e']))?;
                shape.push_str("''");
                length
            }
            _ => {
                let length = special.find(|c: char| !is_of_a_word(c)).unwrap_or(special.len());
                let word = special.get(..length)?;
                let is_small = length <= INT4_DIGITS && word.bytes().all(|b| b.is_ascii_digit());
                shape.push_str(if is_small && !shape.ends_with(is_of_a_word) { "0" } else { word });
                length
            }
        };
        rest = special.get(length..)?;
    }
    shape.push_str(rest);
    Some(shape)
}

/// What may stand in one word with a digit: a name, or a number that is more than an integer.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

/// How long the quoted text is that `text` begins with. A doubled quote stands for itself; where backslashes escape, so
/// does a quote behind one.
fn quoted(text: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next()?;
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn values_make_no_difference() {
        for (one, other) in [
            ("select \"a\" from t where id = 1", "select \"a\" from t where id = 123456789"),
            ("select 'it''s'", "select ''"),
            (r"select E'a\'b''c', 'x'", "select E'', 'é'"),
            ("limit 10", "limit 20"),
        ] {
            assert_eq!(shape(one), shape(other), "{one}");
            assert!(shape(one).is_some(), "{one}");
        }
    }

    #[test]
    fn what_decides_about_a_type_makes_a_difference() {
        for (one, other) in [
            ("select 1", "select 1234567890"),
            ("select 1", "select 1.5"),
            ("select 1", "select 1e5"),
            ("select 1", "select '1'"),
            ("select \"c1\"", "select \"c2\""),
            ("select \"a 1\"", "select \"a 2\""),
            ("select \"it's\", 'x'", "select \"its\", 'x'"),
            ("select c1", "select c2"),
            ("select x.int4", "select x.int8"),
            ("select cast('' as int4)", "select cast('' as int8)"),
            (r"select 'a\', 1", r"select 'a\', 1.5"),
        ] {
            assert_ne!(shape(one), shape(other), "{one}");
        }
    }

    #[test]
    fn what_the_gate_never_prints_has_no_shape() {
        for text in [
            "select 1 -- '",
            "select /* ' */ 1",
            "select $$1$$",
            "select 'open",
            "select \"open",
            r"select E'a\'",
        ] {
            assert_eq!(shape(text), None, "{text}");
        }
    }
}
