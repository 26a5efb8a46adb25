//! String literals, re-quoted by us whatever their spelling was.

use super::Text;

impl Text {
    /// `'text'`, or `E'text'` where it holds a quote, a backslash or a control character. The second form means the
    /// same under any `standard_conforming_strings`, and keeps one statement on one line.
    pub(super) fn literal(&mut self, text: &str) {
        self.mean(|meaning| meaning.literals.push(text.to_owned()));
        let needs_escapes = |c: char| c == '\'' || c == '\\' || c.is_ascii_control();
        if !text.contains(needs_escapes) {
            self.word("'");
            self.word(text);
            self.word("'");
            return;
        }
        self.word("E'");
        for c in text.chars() {
            match c {
                '\'' => self.word("\\'"),
                '\\' => self.word("\\\\"),
                '\n' => self.word("\\n"),
                '\r' => self.word("\\r"),
                '\t' => self.word("\\t"),
                control if control.is_ascii_control() => {
                    self.number(format_args!("\\u{:04x}", u32::from(control)));
                }
                other => self.out.push(other),
            }
        }
        self.word("'");
    }
}

/// A whole number, or what else there are digits of, as PostgreSQL's grammar keeps it.
pub(super) fn number(digits: &str, negative: bool) -> String {
    match digits.parse::<i32>() {
        Ok(0) => "0".to_owned(),
        Ok(whole) => if negative { -whole } else { whole }.to_string(),
        Err(_) => format!("{}{digits}", if negative { "-" } else { "" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> String {
        let mut out = Text { out: String::new(), meaning: None };
        out.literal(text);
        out.out
    }

    #[test]
    fn a_quote_never_ends_the_literal() {
        assert_eq!(literal("it's"), r"E'it\'s'");
        assert_eq!(literal(r"\' , (select 1) --"), r"E'\\\' , (select 1) --'");
        assert_eq!(literal("plain"), "'plain'");
    }

    #[test]
    fn a_line_break_stays_inside() {
        assert_eq!(literal("a\n--b\u{7}"), r"E'a\n--b\u0007'");
    }
}
