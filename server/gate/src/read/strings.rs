//! Strings and quoted names: whatever the spelling, what comes out is the text itself.

use sqlparser::tokenizer::Token;

use super::lex::{Lexer, broken, check_length, is_name_part};
use crate::{Position, Reason, Refusal};

/// `'text'`, continued after a line break as the standard has it.
pub(super) fn plain(lexer: &mut Lexer<'_>, start: Position) -> Result<String, Refusal> {
    let mut text = String::new();
    lexer.bump();
    loop {
        match lexer.next() {
            Some('\'') if lexer.peek() == Some('\'') => {
                lexer.bump();
                text.push('\'');
            }
            Some('\'') if continues(lexer) => {}
            Some('\'') => return Ok(text),
            Some(other) => text.push(other),
            None => return Err(broken(start, "the string is not closed")),
        }
    }
}

/// `E'text'` with backslash escapes.
///
/// Escapes whose meaning depends on the server's version (`\v`) or on its encoding (`\xe9`) are refused.
pub(super) fn escaped(lexer: &mut Lexer<'_>, start: Position) -> Result<String, Refusal> {
    let mut text = String::new();
    lexer.bump();
    loop {
        match lexer.next() {
            Some('\'') if lexer.peek() == Some('\'') => {
                lexer.bump();
                text.push('\'');
            }
            Some('\'') if continues(lexer) => {}
            Some('\'') => return Ok(text),
            Some('\\') => text.push(escape(lexer).ok_or_else(|| unclear_escape(start))?),
            Some(other) => text.push(other),
            None => return Err(broken(start, "the string is not closed")),
        }
    }
}

fn escape(lexer: &mut Lexer<'_>) -> Option<char> {
    Some(match lexer.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => code(lexer, 16, 4, 4)?,
        'U' => code(lexer, 16, 8, 8)?,
        'x' => code(lexer, 16, 1, 2).filter(char::is_ascii)?,
        first @ '0'..='7' => octal(lexer, first).filter(char::is_ascii)?,
        other if other.is_ascii_alphanumeric() => return None,
        other => other,
    })
    .filter(|&c| c != '\0')
}

fn code(lexer: &mut Lexer<'_>, radix: u32, least: u32, most: u32) -> Option<char> {
    let (mut value, mut count) = (0, 0);
    while let Some(digit) = lexer.peek().filter(|_| count < most).and_then(|next| next.to_digit(radix)) {
        lexer.bump();
        value = value * radix + digit;
        count += 1;
    }
    char::from_u32(value).filter(|_| count >= least)
}

fn octal(lexer: &mut Lexer<'_>, first: char) -> Option<char> {
    let mut value = first.to_digit(8)?;
    for _ in 0..2 {
        let Some(digit) = lexer.peek().and_then(|next| next.to_digit(8)) else { break };
        lexer.bump();
        value = value * 8 + digit;
    }
    char::from_u32(value)
}

fn unclear_escape(at: Position) -> Refusal {
    Refusal::new(
        Reason::DisallowedConstruct,
        "the string holds an escape whose meaning depends on the server",
    )
    .at(Some(at))
    .advise("write the character itself, or use \\n, \\t, \\uXXXX, or chr()")
}

/// Whether another quoted part follows after a line break, as in `'a'⏎'b'`; if so the lexer stands inside it.
fn continues(lexer: &mut Lexer<'_>) -> bool {
    let mut ahead = lexer.fork();
    let mut broken_line = false;
    loop {
        match ahead.peek() {
            Some('\n' | '\r') => {
                broken_line = true;
                ahead.bump();
            }
            Some(' ' | '\t' | '\u{c}') => ahead.bump(),
            Some('-') => {
                let mut comment = ahead.fork();
                comment.bump();
                if comment.peek() != Some('-') {
                    return false;
                }
                ahead.skip_line();
            }
            Some('\'') if broken_line => {
                ahead.bump();
                lexer.become_(ahead);
                return true;
            }
            _ => return false,
        }
    }
}

/// `"name"`.
pub(super) fn quoted_name(lexer: &mut Lexer<'_>, start: Position) -> Result<Token, Refusal> {
    let mut name = String::new();
    lexer.bump();
    loop {
        match lexer.next() {
            Some('"') if lexer.peek() == Some('"') => {
                lexer.bump();
                name.push('"');
            }
            Some('"') if name.is_empty() => return Err(broken(start, "a quoted name is empty")),
            Some('"') => break,
            Some(other) => name.push(other),
            None => return Err(broken(start, "the quoted name is not closed")),
        }
    }
    check_length(&name, start)?;
    Ok(Token::make_word(&name, Some('"')))
}

/// `$$text$$`, `$tag$text$tag$`, or a parameter.
pub(super) fn dollar(lexer: &mut Lexer<'_>, start: Position) -> Result<Token, Refusal> {
    lexer.bump();
    if lexer.peek().is_some_and(|next| next.is_ascii_digit()) {
        let number = lexer.take_while(|next| next.is_ascii_digit());
        return Ok(Token::Placeholder(format!("${number}")));
    }
    let tag = lexer.take_while(|next| next != '$' && is_name_part(next));
    if lexer.next() != Some('$') {
        return Err(broken(start, "the dollar sign begins neither a string nor a parameter"));
    }
    let end = format!("${tag}$");
    let mut text = String::new();
    loop {
        match lexer.next() {
            Some(next) => text.push(next),
            None => return Err(broken(start, "the dollar-quoted string is not closed")),
        }
        if text.ends_with(&end) {
            text.truncate(text.len() - end.len());
            return Ok(Token::SingleQuotedString(text));
        }
    }
}
