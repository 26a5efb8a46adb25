//! PostgreSQL's lexical rules (`scan.l`, <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).
//!
//! The parser's own tokenizer reads some texts otherwise than the server does: white space beyond ASCII, strings
//! that continue on the next line, `U&"..."`, runs of operator characters. Words are where such differences begin,
//! so we read them ourselves, and what has no plain meaning is refused instead of guessed.

use std::{iter::Peekable, str::Chars};

use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan};

use super::{operator, strings};
use crate::{Position, Reason, Refusal, name::MAX_IDENTIFIER_BYTES};

/// Reads `sql` into words, at most `most` of them. White space and comments leave no trace.
pub(super) fn lex(sql: &str, most: usize) -> Result<Vec<TokenWithSpan>, Refusal> {
    let mut lexer = Lexer { chars: sql.chars().peekable(), line: 1, column: 1 };
    let mut words = Vec::with_capacity(most.min(sql.len() / 4 + 8));
    loop {
        lexer.skip_blanks()?;
        let start = lexer.here();
        let Some(first) = lexer.peek() else { return Ok(words) };
        if words.len() == most {
            return Err(Refusal::new(
                Reason::TooComplex,
                format!("the statement has more than {most} words"),
            )
            .at(Some(start)));
        }
        let token = lexer.token(first, start)?;
        words.push(TokenWithSpan::new(token, Span::new(location(start), location(lexer.here()))));
    }
}

/// A cursor over the text that knows where it is.
pub(super) struct Lexer<'a> {
    chars: Peekable<Chars<'a>>,
    line: u64,
    column: u64,
}

impl Lexer<'_> {
    fn token(&mut self, first: char, start: Position) -> Result<Token, Refusal> {
        match first {
            '\'' => strings::plain(self, start).map(Token::SingleQuotedString),
            '"' => strings::quoted_name(self, start),
            '$' => strings::dollar(self, start),
            '0'..='9' => self.number(String::new(), start),
            '.' => self.after_dot(start),
            _ if is_name_start(first) => self.word(start),
            _ if operator::is_part(first) => self.operator(start),
            _ => self.punctuation(first, start),
        }
    }

    fn word(&mut self, start: Position) -> Result<Token, Refusal> {
        let word = self.take_while(is_name_part);
        match (word.as_bytes(), self.peek()) {
            (b"e" | b"E", Some('\'')) => return strings::escaped(self, start).map(Token::SingleQuotedString),
            (b"b" | b"B" | b"x" | b"X" | b"n" | b"N", Some('\'')) => {
                return Err(refuse_string(start, "has no plain meaning", &format!("{word}'…'")));
            }
            (b"u" | b"U", Some('&')) if matches!(self.second(), Some('\'' | '"')) => {
                return Err(refuse_string(start, "is an escaped spelling", &format!("{word}&…")));
            }
            _ => {}
        }
        check_length(&word, start)?;
        Ok(Token::make_word(&word, None))
    }

    /// `.` begins a number where a digit follows and is punctuation otherwise.
    fn after_dot(&mut self, start: Position) -> Result<Token, Refusal> {
        self.bump();
        match self.peek() {
            Some('0'..='9') => {
                let mut digits = String::from(".");
                self.digits(&mut digits);
                self.exponent(digits, start)
            }
            Some('.') => Err(broken(start, "two dots in a row mean nothing here")),
            _ => Ok(Token::Period),
        }
    }

    fn number(&mut self, mut digits: String, start: Position) -> Result<Token, Refusal> {
        self.digits(&mut digits);
        if self.peek() == Some('.') {
            self.bump();
            digits.push('.');
            self.digits(&mut digits);
        }
        self.exponent(digits, start)
    }

    fn exponent(&mut self, mut digits: String, start: Position) -> Result<Token, Refusal> {
        if let Some(e @ ('e' | 'E')) = self.peek() {
            self.bump();
            digits.push(e);
            if let Some(sign @ ('+' | '-')) = self.peek() {
                self.bump();
                digits.push(sign);
            }
            let before = digits.len();
            self.digits(&mut digits);
            if digits.len() == before {
                return Err(broken(start, "the number has no digits after its exponent"));
            }
        }
        if self.peek().is_some_and(|next| is_name_part(next) || next == '.') {
            return Err(broken(
                start,
                "the number runs into what follows; numbers are written in decimal digits",
            ));
        }
        Ok(Token::Number(digits, false))
    }

    fn digits(&mut self, into: &mut String) {
        while let Some(digit @ '0'..='9') = self.peek() {
            self.bump();
            into.push(digit);
        }
    }

    /// A run of operator characters ends before a comment, and gives back trailing signs unless it holds a
    /// character that arithmetic does not use: `>-1` is `>` and `-1`, `@-1` is one operator.
    fn operator(&mut self, start: Position) -> Result<Token, Refusal> {
        let mut run = String::new();
        let mut ahead = self.chars.clone();
        while let Some(&next) = ahead.peek() {
            ahead.next();
            if !operator::is_part(next) || matches!((next, ahead.peek()), ('-', Some('-')) | ('/', Some('*')))
            {
                break;
            }
            run.push(next);
        }
        let run = operator::without_trailing_signs(&run);
        for _ in run.chars() {
            self.bump();
        }
        operator::token(run).ok_or_else(|| {
            Refusal::new(Reason::ParseError, "is not an operator that can be used here")
                .about(run)
                .at(Some(start))
        })
    }

    fn punctuation(&mut self, first: char, start: Position) -> Result<Token, Refusal> {
        self.bump();
        Ok(match first {
            '(' => Token::LParen,
            ')' => Token::RParen,
            '[' => Token::LBracket,
            ']' => Token::RBracket,
            ',' => Token::Comma,
            ';' => Token::SemiColon,
            ':' => match self.peek() {
                Some(':') => self.bumped(Token::DoubleColon),
                Some('=') => self.bumped(Token::Assignment),
                _ => Token::Colon,
            },
            _ => {
                return Err(Refusal::new(Reason::ParseError, "is not a character of SQL")
                    .about(first.escape_default().to_string())
                    .at(Some(start)));
            }
        })
    }

    fn skip_blanks(&mut self) -> Result<(), Refusal> {
        loop {
            match (self.peek(), self.second()) {
                (Some(' ' | '\t' | '\n' | '\r' | '\u{c}'), _) => self.bump(),
                (Some('-'), Some('-')) => self.skip_line(),
                (Some('/'), Some('*')) => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn skip_line(&mut self) {
        while self.peek().is_some_and(|next| next != '\n' && next != '\r') {
            self.bump();
        }
    }

    /// Comments nest in PostgreSQL.
    fn skip_comment(&mut self) -> Result<(), Refusal> {
        let start = self.here();
        let mut depth = 0_u32;
        loop {
            match (self.peek(), self.second()) {
                (Some('/'), Some('*')) => {
                    self.bump();
                    depth += 1;
                }
                (Some('*'), Some('/')) => {
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

    pub(super) fn take_while(&mut self, mut wanted: impl FnMut(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(next) = self.peek().filter(|&next| wanted(next)) {
            self.bump();
            taken.push(next);
        }
        taken
    }

    pub(super) fn peek(&mut self) -> Option<char> {
        self.chars.peek().copied()
    }

    fn second(&self) -> Option<char> {
        self.chars.clone().nth(1)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.chars.next()?;
        if next == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(next)
    }

    pub(super) fn bump(&mut self) {
        self.next();
    }

    fn bumped(&mut self, token: Token) -> Token {
        self.bump();
        token
    }

    pub(super) fn here(&self) -> Position {
        Position { line: self.line, column: self.column }
    }

    /// Moves on to where `ahead` has come to.
    pub(super) fn become_(&mut self, ahead: Self) {
        *self = ahead;
    }

    /// A second cursor at the same place, to look ahead with.
    pub(super) fn fork(&self) -> Self {
        Self { chars: self.chars.clone(), line: self.line, column: self.column }
    }
}

pub(super) fn broken(at: Position, message: &'static str) -> Refusal {
    Refusal::new(Reason::ParseError, message).at(Some(at))
}

fn refuse_string(at: Position, message: &'static str, subject: &str) -> Refusal {
    Refusal::new(Reason::DisallowedConstruct, message)
        .about(subject)
        .at(Some(at))
        .advise("write the characters themselves between plain quotes, as in 'text' or \"name\"; bytes as '\\x6869'::bytea")
}

/// PostgreSQL cuts a longer name silently, and two names could become one.
pub(super) fn check_length(name: &str, at: Position) -> Result<(), Refusal> {
    if name.len() > MAX_IDENTIFIER_BYTES {
        return Err(Refusal::new(Reason::ParseError, "is longer than the 63 bytes that a name may have")
            .about(name)
            .at(Some(at)));
    }
    Ok(())
}

/// PostgreSQL takes every byte above ASCII as part of a name, blanks of other scripts included.
fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

pub(super) fn is_name_part(c: char) -> bool {
    is_name_start(c) || c.is_ascii_digit() || c == '$'
}

const fn location(at: Position) -> Location {
    Location { line: at.line, column: at.column }
}
