//! Words, names and literals of the canonical language, by PostgreSQL's lexical rules
//! (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).
//!
//! Each constant that is asked for ends in a blank, a bracket or a quote, or is followed by what ends a word: so it is
//! whole words to PostgreSQL, too. Outside of quotes there is no other white space than a blank, and so there are no
//! comments and no strings that continue on the next line.

use super::{Read, Reader};
use crate::{name::MAX_IDENTIFIER_BYTES, tree::Name};

impl<'t> Reader<'t, '_> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn sees(&self, words: &str) -> bool {
        self.rest().starts_with(words.as_bytes())
    }

    /// Moves behind `words` if they are next.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let found = self.sees(words);
        if found {
            self.at += words.len();
        }
        found
    }

    /// The same for words that end in a letter, which must not go on.
    pub(super) fn eat_whole(&mut self, words: &str) -> bool {
        let found = self.sees(words) && ends_word(self.peek_at(words.len()));
        if found {
            self.at += words.len();
        }
        found
    }

    pub(super) fn expect(&mut self, words: &'static str) -> Read<()> {
        if self.eat(words) { Ok(()) } else { self.fault(words) }
    }

    /// A word as PostgreSQL would take it: as long as it goes.
    pub(super) fn word(&mut self) -> &'t str {
        self.take_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii()
        })
    }

    /// The characters of operators that stand here.
    pub(super) fn operator_at(&self, ahead: usize) -> &'t str {
        let start = self.at + ahead;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|&byte| !is_operator(byte)).unwrap_or(rest.len());
        self.text.get(start..start + length).unwrap_or_default()
    }

    /// `"name"`: a quote inside is doubled, and PostgreSQL would cut what is too long.
    pub(super) fn name(&mut self) -> Read<Name> {
        self.expect("\"")?;
        let start = self.at;
        let first = self.take_while(|byte| byte != b'"');
        self.at += 1;
        let name: Name = if self.peek() == Some(b'"') {
            self.at = start;
            self.name_with_quotes()?.into()
        } else {
            first.into()
        };
        if self.at > self.text.len()
            || name.is_empty()
            || name.len() > MAX_IDENTIFIER_BYTES
            || name.contains('\0')
        {
            return self.fault("a name");
        }
        Ok(name)
    }

    fn name_with_quotes(&mut self) -> Read<String> {
        let mut name = String::new();
        loop {
            name.push_str(self.take_while(|byte| byte != b'"'));
            self.expect("\"")?;
            if !self.eat("\"") {
                return Ok(name);
            }
            name.push('"');
        }
    }

    /// `"schema"."name"`
    pub(super) fn qualified(&mut self) -> Read<(Name, Name)> {
        let first = self.name()?;
        self.expect(".")?;
        Ok((first, self.name()?))
    }

    /// `'text'`: without quotes, backslashes and control characters it means the same under any setting.
    pub(super) fn plain_string(&mut self) -> Read<Box<str>> {
        self.expect("'")?;
        let text = self.take_while(|byte| !is_special(byte));
        self.expect("'")?;
        self.end_of_string()?;
        Ok(text.into())
    }

    /// `E'text'`, which holds a character that must be escaped, and nothing else is.
    pub(super) fn escaped_string(&mut self) -> Read<Box<str>> {
        self.expect("E'")?;
        let mut text = String::new();
        let mut escapes = 0_usize;
        loop {
            text.push_str(self.take_while(|byte| !is_special(byte)));
            if self.eat("'") {
                break;
            }
            self.expect("\\")?;
            text.push(self.escape()?);
            escapes += 1;
        }
        self.end_of_string()?;
        if escapes == 0 { self.fault("a string without E") } else { Ok(text.into()) }
    }

    /// What stands behind a backslash: `\u` and four digits for a control character that has no letter of its own.
    fn escape(&mut self) -> Read<char> {
        let escaped = match self.peek() {
            Some(b'\'') => '\'',
            Some(b'\\') => '\\',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let digits = self.text.get(self.at + 1..self.at + 5).unwrap_or_default();
                let small = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                match u8::from_str_radix(digits, 16).map(char::from) {
                    Ok(c) if small && c.is_ascii_control() && !matches!(c, '\0' | '\n' | '\r' | '\t') => {
                        self.at += 4;
                        c
                    }
                    _ => return self.fault("the code of a control character"),
                }
            }
            _ => return self.fault("an escape"),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// A second quote would go on with the string, a letter would begin something else.
    fn end_of_string(&self) -> Read<()> {
        if ends_word(self.peek()) { Ok(()) } else { self.fault("the end of a string") }
    }

    /// Digits, a point, digits, an exponent.
    pub(super) fn number(&mut self) -> Read<&'t str> {
        let start = self.at;
        let mut digits = self.digits();
        if self.eat(".") {
            digits += self.digits();
        }
        if digits == 0 {
            return self.fault("a number");
        }
        if self.eat("e") || self.eat("E") {
            let _ = self.eat("+") || self.eat("-");
            if self.digits() == 0 {
                return self.fault("an exponent");
            }
        }
        if !ends_word(self.peek()) {
            return self.fault("the end of a number");
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn digits(&mut self) -> usize {
        self.take_while(|byte| byte.is_ascii_digit()).len()
    }

    /// A whole number as it is written without need: `0`, or digits that begin with another one.
    pub(super) fn whole<T: std::str::FromStr>(&mut self) -> Read<T> {
        let digits = self.take_while(|byte| byte.is_ascii_digit());
        match whole(digits) {
            Some(number) if ends_word(self.peek()) => Ok(number),
            _ => self.fault("a whole number"),
        }
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'t str {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.iter().position(|&byte| !wanted(byte)).unwrap_or(rest.len());
        // Bytes above ASCII are all wanted or none of them is, so that this is a border of characters.
        self.text.get(start..self.at).unwrap_or_default()
    }
}

pub(super) fn whole<T: std::str::FromStr>(digits: &str) -> Option<T> {
    (digits == "0" || !digits.starts_with('0')).then(|| digits.parse().ok()).flatten()
}

/// Whether a word, a number or a string may end before `next`.
const fn ends_word(next: Option<u8>) -> bool {
    matches!(next, None | Some(b' ' | b',' | b')' | b']' | b':'))
}

/// What a string between plain quotes does not hold.
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'\'' | b'\\') || byte.is_ascii_control()
}

/// The characters of <https://www.postgresql.org/docs/current/sql-createoperator.html>.
pub(super) const fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'+' | b'-'
            | b'*'
            | b'/'
            | b'<'
            | b'>'
            | b'='
            | b'~'
            | b'!'
            | b'@'
            | b'#'
            | b'%'
            | b'^'
            | b'&'
            | b'|'
            | b'`'
            | b'?'
    )
}
