//! Operator characters, by the rules of `CREATE OPERATOR`
//! (<https://www.postgresql.org/docs/current/sql-createoperator.html>).

use sqlparser::tokenizer::Token;

pub(super) const fn is_part(byte: u8) -> bool {
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

/// An operator of more than one character ends in `+` or `-` only if it also holds a character that arithmetic and
/// comparison do not use.
pub(super) fn without_trailing_signs(run: &str) -> &str {
    let unusual = |c| matches!(c, '~' | '!' | '@' | '#' | '%' | '^' | '&' | '|' | '`' | '?');
    let mut kept = run;
    while kept.len() > 1 && kept.ends_with(['+', '-']) && !kept.contains(unusual) {
        kept = kept.get(..kept.len() - 1).unwrap_or_default();
    }
    kept
}

/// The parser's word for an operator. What it has no word for keeps its spelling.
pub(super) fn token(run: &str) -> Option<Token> {
    Some(match run {
        "+" => Token::Plus,
        "-" => Token::Minus,
        "*" => Token::Mul,
        "/" => Token::Div,
        "%" => Token::Mod,
        "^" => Token::Caret,
        "=" => Token::Eq,
        "<>" | "!=" => Token::Neq,
        "<" => Token::Lt,
        "<=" => Token::LtEq,
        ">" => Token::Gt,
        ">=" => Token::GtEq,
        "=>" => Token::RArrow,
        "~" => Token::Tilde,
        "~*" => Token::TildeAsterisk,
        "!~" => Token::ExclamationMarkTilde,
        "!~*" => Token::ExclamationMarkTildeAsterisk,
        "~~" => Token::DoubleTilde,
        "~~*" => Token::DoubleTildeAsterisk,
        "!~~" => Token::ExclamationMarkDoubleTilde,
        "!~~*" => Token::ExclamationMarkDoubleTildeAsterisk,
        _ if run.is_empty() || run.contains('`') => return None,
        _ => Token::CustomBinaryOperator(run.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_after_an_operator_belongs_to_the_number() {
        assert_eq!(without_trailing_signs(">-"), ">");
        assert_eq!(without_trailing_signs("*-"), "*");
        assert_eq!(without_trailing_signs("-"), "-");
        assert_eq!(without_trailing_signs("@-"), "@-");
        assert_eq!(without_trailing_signs("#-"), "#-");
    }
}
