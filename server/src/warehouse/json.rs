//! Rows as JSON text, written straight into one string.
//!
//! Invariant: whatever the cells hold, [`Rows::finish`] gives valid JSON.

use std::fmt::Write as _;

use super::form::Form;
use super::transcript::Transcript;

/// The largest integer that every reader of JSON keeps.
const LARGEST_SAFE: u64 = (1 << 53) - 1;
/// How a cell ends that was longer than it may be.
pub(super) const CUT_MARK: &str = "… [cut]";

#[derive(Debug)]
pub(super) struct Rows {
    text: String,
    cell: usize,
    cut_cells: u64,
}

impl Rows {
    /// Cells are cut beyond `cell` bytes.
    pub(super) fn new(cell: usize) -> Self {
        Self { text: String::from("["), cell, cut_cells: 0 }
    }

    pub(super) fn push<'a>(&mut self, cells: impl Iterator<Item = (&'a Form, Option<&'a [u8]>)>) {
        self.text.push_str(if self.text.len() > 1 { ",[" } else { "[" });
        for (number, (form, cell)) in cells.enumerate() {
            if number > 0 {
                self.text.push(',');
            }
            match cell {
                None => self.text.push_str("null"),
                Some(bytes) => self.write(form, &String::from_utf8_lossy(bytes)),
            }
        }
        self.text.push(']');
    }

    /// The rows, and how many cells were cut.
    pub(super) fn finish(mut self) -> (String, u64) {
        self.text.push(']');
        (self.text, self.cut_cells)
    }

    fn write(&mut self, form: &Form, cell: &str) {
        let out = &mut self.text;
        match form {
            Form::Plain | Form::Wide => number_or_string(out, form, cell),
            _ if cell.len() > self.cell => {
                self.cut_cells += 1;
                string(out, &[head(cell, self.cell), CUT_MARK]);
            }
            Form::Exact | Form::Text | Form::Padded | Form::Address | Form::Bytes => string(out, &[cell]),
            Form::Moment | Form::Document | Form::Array(_) | Form::Composite(_) | Form::Record => {
                let start = out.len();
                if Transcript::new(cell, out).whole(form).is_none() {
                    out.truncate(start);
                    string(out, &[cell]);
                }
            }
        }
    }
}

/// As much of `text` as fits into `bytes`, whole characters only.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A bare word where its type and its digits allow, a string otherwise.
pub(super) fn number_or_string(out: &mut String, form: &Form, word: &str) {
    let bare = matches!(word, "true" | "false") || (is_number(word) && stays_exact(form, word));
    if bare { out.push_str(word) } else { string(out, &[word]) }
}

/// Whether a number of this form may stand bare.
fn stays_exact(form: &Form, digits: &str) -> bool {
    match form {
        Form::Exact => false,
        Form::Array(element) => stays_exact(element, digits),
        Form::Wide => digits.parse::<i64>().is_ok_and(|number| number.unsigned_abs() <= LARGEST_SAFE),
        // Nobody says of what type it is: it stays bare where nobody can lose a digit of it.
        Form::Record => match digits.parse::<i128>() {
            Ok(number) => number.unsigned_abs() <= u128::from(LARGEST_SAFE),
            Err(_) => digits.parse::<f64>().is_ok_and(|float| {
                float.is_finite() && (digits.contains('e') || float.to_string() == digits)
            }),
        },
        // Readers refuse what is too large for a float, and the whole answer with it.
        _ => digits.parse::<f64>().is_ok_and(f64::is_finite),
    }
}

/// Whether a word is a number as JSON writes them.
pub(super) fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

/// Writes the parts as one JSON string.
fn string(out: &mut String, parts: &[&str]) {
    out.push('"');
    for part in parts {
        let mut rest = *part;
        while let Some(at) = rest.bytes().position(|b| b < 0x20 || matches!(b, b'"' | b'\\')) {
            let (plain, special) = rest.split_at(at);
            out.push_str(plain);
            let mut chars = special.chars();
            match chars.next() {
                Some('"') => out.push_str("\\\""),
                Some('\\') => out.push_str("\\\\"),
                Some('\n') => out.push_str("\\n"),
                Some('\r') => out.push_str("\\r"),
                Some('\t') => out.push_str("\\t"),
                Some(control) => {
                    let _ = write!(out, "\\u{:04x}", u32::from(control));
                }
                None => {}
            }
            rest = chars.as_str();
        }
        out.push_str(rest);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{Rows, is_number};
    use crate::warehouse::form::Form;

    fn one(form: &Form, cell: &[u8]) -> String {
        let mut rows = Rows::new(100);
        rows.push(std::iter::once((form, Some(cell))));
        rows.finish().0
    }

    #[test]
    fn numbers_are_told_from_what_looks_like_one() {
        for number in ["0", "-0", "1", "10", "1.5", "1e5", "1e+05", "1E-5", "-1.25e10"] {
            assert!(is_number(number), "{number}");
        }
        for other in [
            "", "-", "01", "1.", ".5", "1e", "1e+", "+1", "NaN", "Infinity", "0x1", "1 ", "1,2", "--1",
            "1.5.5",
        ] {
            assert!(!is_number(other), "{other}");
        }
    }

    #[test]
    fn a_type_that_has_changed_meanwhile_cannot_break_the_json() {
        assert_eq!(one(&Form::Plain, b"],[\"x"), r#"[["],[\"x"]]"#);
        assert_eq!(one(&Form::Document, b"{1,2}"), r#"[["{1,2}"]]"#);
        assert_eq!(one(&Form::Array(Box::new(Form::Wide)), b"{\"a\":[1]}"), r#"[[{"a":[1]}]]"#);
        assert_eq!(one(&Form::Composite(vec![]), b"{\"a\":1.50}"), r#"[[{"a":"1.50"}]]"#);
    }

    /// Cells drawn from the signs that JSON is made of, by a generator that gives the same ones each time.
    #[test]
    fn whatever_the_cells_hold_the_rows_are_json() {
        let signs: &[u8] = b"[]{}\":,\\ue0159dD8.-+ \n\x00\x1f\xff\xc3\xa9tfn";
        let forms = [
            Form::Plain,
            Form::Wide,
            Form::Exact,
            Form::Text,
            Form::Bytes,
            Form::Moment,
            Form::Document,
            Form::Array(Box::new(Form::Exact)),
            Form::Composite(vec![Form::Wide, Form::Array(Box::new(Form::Record))]),
            Form::Record,
        ];
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % below as u64).unwrap()
        };
        for _ in 0..20_000 {
            let cell: Vec<u8> = (0..next(24)).map(|_| signs[next(signs.len())]).collect();
            for form in &forms {
                let rows = one(form, &cell);
                let read = serde_json::from_str::<serde_json::Value>(&rows);
                assert!(read.is_ok(), "{form:?} of {:?} became {rows}", String::from_utf8_lossy(&cell));
            }
        }
    }
}
