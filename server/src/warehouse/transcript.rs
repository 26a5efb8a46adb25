//! Writing again what PostgreSQL calls JSON, token by token.
//!
//! Numbers that a reader would round become strings, halves of surrogate pairs (which the type `json` lets pass) become
//! replacement characters, and what is nested too deep, or is no JSON after all, is refused and becomes a string. So one
//! strange cell cannot make a whole answer unreadable.

use std::borrow::Cow;

use super::form::Form;
use super::json::{is_number, number_or_string};

/// Readers give up at depths from 100 on.
const DEEPEST: usize = 64;

/// Reads JSON and writes it again, number by number; `None` where it is none.
pub(super) struct Transcript<'a> {
    rest: &'a str,
    out: &'a mut String,
}

impl<'a> Transcript<'a> {
    pub(super) fn new(text: &'a str, out: &'a mut String) -> Self {
        Self { rest: text, out }
    }

    pub(super) fn whole(mut self, form: &Form) -> Option<()> {
        self.value(form, DEEPEST)?;
        self.space();
        self.rest.is_empty().then_some(())
    }

    fn value(&mut self, form: &Form, depth: usize) -> Option<()> {
        self.space();
        match self.rest.bytes().next()? {
            b'"' => self.string(),
            b'[' => self.array(form, depth.checked_sub(1)?),
            b'{' => self.object(form, depth.checked_sub(1)?),
            _ => self.word(form),
        }
    }

    fn array(&mut self, form: &Form, depth: usize) -> Option<()> {
        // An array of several dimensions is an array of arrays; its type says so only once.
        let elements = match form {
            Form::Array(element) if !self.holds_array() => element,
            other => other,
        };
        self.sequence('[', ']', |this, _| this.value(elements, depth))
    }

    fn object(&mut self, form: &Form, depth: usize) -> Option<()> {
        self.sequence('{', '}', |this, place| {
            this.space();
            this.string()?;
            this.space();
            this.take(':')?;
            let attribute = match form {
                Form::Composite(attributes) => attributes.get(place).unwrap_or(&Form::Record),
                other => other,
            };
            this.value(attribute, depth)
        })
    }

    fn sequence(
        &mut self,
        open: char,
        close: char,
        mut item: impl FnMut(&mut Self, usize) -> Option<()>,
    ) -> Option<()> {
        self.take(open)?;
        self.space();
        if self.rest.starts_with(close) {
            return self.take(close);
        }
        for place in 0.. {
            item(self, place)?;
            self.space();
            if self.rest.starts_with(close) {
                return self.take(close);
            }
            self.take(',')?;
        }
        None
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self, form: &Form) -> Option<()> {
        let end = self.rest.find([',', ']', '}', ' ', '\t', '\n', '\r']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        if matches!(word, "true" | "false" | "null") {
            self.out.push_str(word);
        } else if is_number(word) {
            number_or_string(self.out, form, word);
        } else {
            return None;
        }
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let inside = self.rest.strip_prefix('"')?;
        let mut end = 0;
        loop {
            end += inside.get(end..)?.bytes().position(|b| b < 0x20 || matches!(b, b'"' | b'\\'))?;
            match inside.as_bytes().get(end)? {
                b'"' => break,
                b'\\' => end += escape(inside.get(end + 1..)?)?,
                _ => return None,
            }
        }
        let (escaped, rest) = inside.split_at_checked(end)?;
        self.rest = rest.strip_prefix('"')?;
        self.out.push('"');
        self.out.push_str(&paired(escaped));
        self.out.push('"');
        Some(())
    }

    fn holds_array(&self) -> bool {
        self.rest.strip_prefix('[').is_some_and(|inside| inside.trim_ascii_start().starts_with('['))
    }

    /// Space between tokens means nothing and is left out.
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, sign: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(sign)?;
        self.out.push(sign);
        Some(())
    }
}

/// How long the escape is that goes on with `rest` after its backslash.
fn escape(rest: &str) -> Option<usize> {
    match rest.bytes().next()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => rest.get(1..5)?.bytes().all(|b| b.is_ascii_hexdigit()).then_some(6),
        _ => None,
    }
}

/// The inside of a JSON string with each half of a surrogate pair that lacks the other replaced.
fn paired(escaped: &str) -> Cow<'_, str> {
    if !escaped.contains("\\u") {
        return Cow::Borrowed(escaped);
    }
    let mut whole = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = rest.find('\\') {
        let (plain, special) = rest.split_at(at);
        whole.push_str(plain);
        let length = match (surrogate(special), special.get(6..).and_then(surrogate)) {
            (Some(Surrogate::High), Some(Surrogate::Low)) => 12,
            (Some(_), _) => {
                whole.push_str("\\ufffd");
                rest = special.get(6..).unwrap_or_default();
                continue;
            }
            (None, _) => 2,
        };
        let Some((escape, after)) = special.split_at_checked(length) else { break };
        whole.push_str(escape);
        rest = after;
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

enum Surrogate {
    High,
    Low,
}

fn surrogate(escape: &str) -> Option<Surrogate> {
    match u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()? {
        0xd800..=0xdbff => Some(Surrogate::High),
        0xdc00..=0xdfff => Some(Surrogate::Low),
        _ => None,
    }
}
