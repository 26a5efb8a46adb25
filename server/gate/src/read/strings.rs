//! Strings and quoted names: whatever the spelling, what comes out is the text itself.

use sqlparser::tokenizer::Token;

use super::lex::{Lexer, broken, check_length, is_name_part};
use crate::{Reason, Refusal, refusal::Place};

/// `'text'`, continued after a line break as the standard has it.
pub(super) fn plain(lexer: &mut Lexer<'_>, start: usize) -> Result<String, Refusal> {
    let mut text = String::new();
    lexer.bump();
    loop {
        text.push_str(lexer.take_while(|next| next != b'\''));
        match (lexer.next(), lexer.peek()) {
            (None, _) => return Err(broken(start, "the string is not closed")),
            (Some(_), Some(b'\'')) => {
                lexer.bump();
                text.push('\'');
            }
            (Some(_), _) if continues(lexer) => {}
            (Some(_), _) => return Ok(text),
        }
    }
}

/// `E'text'` with backslash escapes.
///
/// Escapes whose meaning depends on the server's version (`\v`) or on its encoding (`\xe9`) are refused.
pub(super) fn escaped(lexer: &mut Lexer<'_>, start: usize) -> Result<String, Refusal> {
    let mut text = String::new();
    lexer.bump();
    loop {
        text.push_str(lexer.take_while(|next| next != b'\'' && next != b'\\'));
        match (lexer.next(), lexer.peek()) {
            (None, _) => return Err(broken(start, "the string is not closed")),
            (Some(b'\\'), _) => text.push(escape(lexer).ok_or_else(|| unclear_escape(start))?),
            (Some(_), Some(b'\'')) => {
                lexer.bump();
                text.push('\'');
            }
            (Some(_), _) if continues(lexer) => {}
            (Some(_), _) => return Ok(text),
        }
    }
}

fn escape(lexer: &mut Lexer<'_>) -> Option<char> {
    Some(match lexer.next()? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => code(lexer, 4, 4)?,
        b'U' => code(lexer, 8, 8)?,
        b'x' => code(lexer, 1, 2).filter(char::is_ascii)?,
        first @ b'0'..=b'7' => octal(lexer, first).filter(char::is_ascii)?,
        other if other.is_ascii_alphanumeric() || !other.is_ascii() => return None,
        other => char::from(other),
    })
    .filter(|&c| c != '\0')
}

fn code(lexer: &mut Lexer<'_>, least: u32, most: u32) -> Option<char> {
    let (mut value, mut count) = (0, 0);
    while let Some(digit) =
        lexer.peek().filter(|_| count < most).and_then(|next| char::from(next).to_digit(16))
    {
        lexer.bump();
        value = value * 16 + digit;
        count += 1;
    }
    char::from_u32(value).filter(|_| count >= least)
}

fn octal(lexer: &mut Lexer<'_>, first: u8) -> Option<char> {
    let mut value = char::from(first).to_digit(8)?;
    for _ in 0..2 {
        let Some(digit) = lexer.peek().and_then(|next| char::from(next).to_digit(8)) else { break };
        lexer.bump();
        value = value * 8 + digit;
    }
    char::from_u32(value)
}

fn unclear_escape(at: usize) -> Refusal {
    Refusal::new(
        Reason::DisallowedConstruct,
        "the string holds an escape whose meaning depends on the server",
    )
    .at(Some(Place(at)))
    .advise("write the character itself, or use \\n, \\t, \\uXXXX, or chr()")
}

/// Whether another quoted part follows after a line break, as in `'a'⏎'b'`; if so the lexer stands inside it.
fn continues(lexer: &mut Lexer<'_>) -> bool {
    let mut ahead = *lexer;
    let mut broken_line = false;
    loop {
        match (ahead.peek(), ahead.peek_at(1)) {
            (Some(b'\n' | b'\r'), _) => {
                broken_line = true;
                ahead.bump();
            }
            (Some(b' ' | b'\t' | b'\x0c'), _) => ahead.bump(),
            (Some(b'-'), Some(b'-')) => ahead.skip_line(),
            (Some(b'\''), _) if broken_line => {
                ahead.bump();
                *lexer = ahead;
                return true;
            }
            _ => return false,
        }
    }
}

/// `"name"`.
pub(super) fn quoted_name(lexer: &mut Lexer<'_>, start: usize) -> Result<Token, Refusal> {
    lexer.bump();
    let first = lexer.take_while(|next| next != b'"');
    if (lexer.next(), lexer.peek() == Some(b'"')) == (Some(b'"'), false) && !first.is_empty() {
        check_length(first, start)?;
        return Ok(Token::make_word(first, Some('"')));
    }
    quoted_name_with_quotes(lexer, first.to_owned(), start)
}

/// The lexer stands behind the first quote of a pair, or at the end.
fn quoted_name_with_quotes(lexer: &mut Lexer<'_>, mut name: String, start: usize) -> Result<Token, Refusal> {
    while lexer.peek() == Some(b'"') {
        lexer.bump();
        name.push('"');
        name.push_str(lexer.take_while(|next| next != b'"'));
        if lexer.next().is_none() {
            return Err(broken(start, "the quoted name is not closed"));
        }
    }
    if name.is_empty() || !lexer.since(start).ends_with('"') {
        return Err(broken(start, "a quoted name is empty or not closed"));
    }
    check_length(&name, start)?;
    Ok(Token::make_word(&name, Some('"')))
}

/// `$$text$$`, `$tag$text$tag$`, or a parameter.
pub(super) fn dollar(lexer: &mut Lexer<'_>, start: usize) -> Result<Token, Refusal> {
    lexer.bump();
    if lexer.peek().is_some_and(|next| next.is_ascii_digit()) {
        let number = lexer.take_while(|next| next.is_ascii_digit());
        return Ok(Token::Placeholder(format!("${number}")));
    }
    lexer.take_while(|next| next != b'$' && is_name_part(next));
    if lexer.next() != Some(b'$') {
        return Err(broken(start, "the dollar sign begins neither a string nor a parameter"));
    }
    let end = lexer.since(start);
    match lexer.take_until(end) {
        Some(text) => Ok(Token::SingleQuotedString(text.to_owned())),
        None => Err(broken(start, "the dollar-quoted string is not closed")),
    }
}
