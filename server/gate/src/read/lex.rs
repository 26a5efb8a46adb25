//! PostgreSQL's lexical rules (`scan.l`, <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).
//!
//! The parser's own tokenizer reads some texts otherwise than the server does: white space beyond ASCII, strings
//! that continue on the next line, `U&"..."`, runs of operator characters. Words are where such differences begin,
//! so we read them ourselves, and what has no plain meaning is refused instead of guessed.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::LazyLock,
};

use sqlparser::{
    keywords::{ALL_KEYWORDS, ALL_KEYWORDS_INDEX, Keyword},
    tokenizer::{Location, Span, Token, TokenWithSpan, Word},
};

use super::{operator, strings};
use crate::{Reason, Refusal, name::MAX_IDENTIFIER_BYTES, refusal::Place};

/// Reads `sql` into words, at most `most` of them. White space and comments leave no trace.
pub(super) fn lex(sql: &str, most: usize) -> Result<Vec<TokenWithSpan>, Refusal> {
    let mut lexer = Lexer { text: sql, at: 0 };
    let mut words = Vec::with_capacity(most.min(sql.len() / 3 + 8));
    loop {
        lexer.skip_blanks()?;
        let start = lexer.at;
        let Some(first) = lexer.peek() else { return Ok(words) };
        if words.len() == most {
            return Err(Refusal::new(
                Reason::TooComplex,
                format!("the statement has more than {most} words"),
            )
            .at(Some(Place(start))));
        }
        let token = lexer.token(first, start)?;
        words.push(TokenWithSpan::new(token, Span::new(location(start), location(lexer.at))));
    }
}

/// A cursor over the bytes of the text. It stops at characters only, for it takes bytes above ASCII as parts of names
/// and strings, never as ends of them.
#[derive(Clone, Copy)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn token(&mut self, first: u8, start: usize) -> Result<Token, Refusal> {
        match first {
            b'\'' => strings::plain(self, start).map(Token::SingleQuotedString),
            b'"' => strings::quoted_name(self, start),
            b'$' => strings::dollar(self, start),
            b'0'..=b'9' => self.number(start),
            b'.' => self.after_dot(start),
            _ if is_name_start(first) => self.word(start),
            _ if operator::is_part(first) => self.operator(start),
            _ => self.punctuation(first, start),
        }
    }

    fn word(&mut self, start: usize) -> Result<Token, Refusal> {
        let word = self.take_while(is_name_part);
        match (word, self.peek()) {
            ("e" | "E", Some(b'\'')) => return strings::escaped(self, start).map(Token::SingleQuotedString),
            ("b" | "B" | "x" | "X" | "n" | "N", Some(b'\'')) => {
                return Err(refuse_string(start, "has no plain meaning", &format!("{word}'…'")));
            }
            ("u" | "U", Some(b'&')) if matches!(self.peek_at(1), Some(b'\'' | b'"')) => {
                return Err(refuse_string(start, "is an escaped spelling", &format!("{word}&…")));
            }
            _ => {}
        }
        check_length(word, start)?;
        Ok(Token::Word(Word { value: word.to_owned(), quote_style: None, keyword: keyword(word) }))
    }

    /// `.` begins a number where a digit follows and is punctuation otherwise.
    fn after_dot(&mut self, start: usize) -> Result<Token, Refusal> {
        match self.peek_at(1) {
            Some(b'0'..=b'9') => self.number(start),
            Some(b'.') => Err(broken(start, "two dots in a row mean nothing here")),
            _ => {
                self.bump();
                Ok(Token::Period)
            }
        }
    }

    /// Digits, a point, digits, an exponent.
    fn number(&mut self, start: usize) -> Result<Token, Refusal> {
        self.take_while(|next| next.is_ascii_digit());
        if self.peek() == Some(b'.') {
            self.bump();
            self.take_while(|next| next.is_ascii_digit());
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.bump();
            if let Some(b'+' | b'-') = self.peek() {
                self.bump();
            }
            if self.take_while(|next| next.is_ascii_digit()).is_empty() {
                return Err(broken(start, "the number has no digits after its exponent"));
            }
        }
        if self.peek().is_some_and(|next| is_name_part(next) || next == b'.') {
            return Err(broken(
                start,
                "the number runs into what follows; numbers are written in decimal digits",
            ));
        }
        Ok(Token::Number(self.since(start).to_owned(), false))
    }

    /// A run of operator characters ends before a comment, and gives back trailing signs unless it holds a
    /// character that arithmetic does not use: `>-1` is `>` and `-1`, `@-1` is one operator.
    fn operator(&mut self, start: usize) -> Result<Token, Refusal> {
        let mut ahead = *self;
        while let Some(next) = ahead.peek().filter(|&next| operator::is_part(next)) {
            if matches!((next, ahead.peek_at(1)), (b'-', Some(b'-')) | (b'/', Some(b'*'))) {
                break;
            }
            ahead.bump();
            if ahead.at - start > MAX_IDENTIFIER_BYTES {
                return Err(broken(start, "the operator is longer than any that exists"));
            }
        }
        let run = operator::without_trailing_signs(ahead.since(start));
        self.at = start + run.len();
        operator::token(run).ok_or_else(|| {
            Refusal::new(Reason::ParseError, "is not an operator that can be used here")
                .about(run)
                .at(Some(Place(start)))
                .advise("put names in double quotes: \"name\"")
        })
    }

    fn punctuation(&mut self, first: u8, start: usize) -> Result<Token, Refusal> {
        self.bump();
        Ok(match first {
            b'(' => Token::LParen,
            b')' => Token::RParen,
            b'[' => Token::LBracket,
            b']' => Token::RBracket,
            b',' => Token::Comma,
            b';' => Token::SemiColon,
            b':' => match self.peek() {
                Some(b':') => self.bumped(Token::DoubleColon),
                Some(b'=') => self.bumped(Token::Assignment),
                _ => Token::Colon,
            },
            _ => {
                return Err(Refusal::new(Reason::ParseError, "is not a character of SQL")
                    .about(char::from(first).escape_default().to_string())
                    .at(Some(Place(start))));
            }
        })
    }

    fn skip_blanks(&mut self) -> Result<(), Refusal> {
        loop {
            self.take_while(|next| matches!(next, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c'));
            match (self.peek(), self.peek_at(1)) {
                (Some(b'-'), Some(b'-')) => self.skip_line(),
                (Some(b'/'), Some(b'*')) => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn skip_line(&mut self) {
        self.take_while(|next| next != b'\n' && next != b'\r');
    }

    /// Comments nest in PostgreSQL.
    fn skip_comment(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        let mut depth = 0_u32;
        loop {
            match (self.peek(), self.peek_at(1)) {
                (Some(b'/'), Some(b'*')) => {
                    self.bump();
                    depth += 1;
                }
                (Some(b'*'), Some(b'/')) => {
                    self.bump();
                    depth -= 1;
                }
                (None, _) => return Err(broken(start, "the comment is not closed")),
                _ => {}
            }
            self.bump();
            if depth == 0 {
                return Ok(());
            }
        }
    }

    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        self.at += rest.iter().position(|&next| !wanted(next)).unwrap_or(rest.len());
        self.since(start)
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    fn bumped(&mut self, token: Token) -> Token {
        self.bump();
        token
    }

    /// The text from `start` up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Moves behind the next `end`, and returns what was before it.
    pub(super) fn take_until(&mut self, end: &str) -> Option<&'a str> {
        let (taken, _) = self.text.get(self.at..)?.split_once(end)?;
        self.at += taken.len() + end.len();
        Some(taken)
    }
}

pub(super) fn broken(at: usize, message: &'static str) -> Refusal {
    Refusal::new(Reason::ParseError, message).at(Some(Place(at)))
}

fn refuse_string(at: usize, message: &'static str, subject: &str) -> Refusal {
    Refusal::new(Reason::DisallowedConstruct, message).about(subject).at(Some(Place(at))).advise(
        "write the characters themselves between plain quotes, as in 'text' or \"name\"; bytes as '\\x6869'::bytea",
    )
}

/// PostgreSQL cuts a longer name silently, and two names could become one.
pub(super) fn check_length(name: &str, at: usize) -> Result<(), Refusal> {
    if name.len() > MAX_IDENTIFIER_BYTES {
        return Err(Refusal::new(Reason::ParseError, "is longer than the 63 bytes that a name may have")
            .about(name)
            .at(Some(Place(at))));
    }
    Ok(())
}

/// The parser's keyword for `word`, in any case. Looking it up by hash is what makes an ordinary statement fast.
fn keyword(word: &str) -> Keyword {
    static KEYWORDS: LazyLock<HashMap<&[u8], Keyword, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
        let words = ALL_KEYWORDS.iter().map(|word| word.as_bytes());
        words.zip(ALL_KEYWORDS_INDEX.iter().copied()).collect()
    });
    let mut upper = [0; MAX_IDENTIFIER_BYTES];
    let Some(upper) = upper.get_mut(..word.len()) else { return Keyword::NoKeyword };
    upper.copy_from_slice(word.as_bytes());
    upper.make_ascii_uppercase();
    KEYWORDS.get(&*upper).copied().unwrap_or(Keyword::NoKeyword)
}

/// FNV-1a, which is quick for short words. The table holds the parser's own words alone, so that nobody can fill it with
/// words that collide.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// A slice writes its length before its bytes, which would only matter if there were several.
    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// PostgreSQL takes every byte above ASCII as part of a name, blanks of other scripts included.
const fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

pub(super) const fn is_name_part(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// The parser carries places as lines and columns; ours are offsets, which cost nothing to keep.
const fn location(at: usize) -> Location {
    Location { line: 1, column: at as u64 + 1 }
}
