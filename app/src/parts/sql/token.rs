//! SQL cut into tokens for the eye. It never decides anything: whatever it cannot read is shown as it is.
//!
//! Invariant: the tokens, one after another, are the text.

/// What a token is to the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Keyword,
    Text,
    Number,
    Comment,
    /// A name in double quotes.
    Quoted,
    Name,
    Operator,
    Space,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

impl Token<'_> {
    /// What the token means, as far as a reader who compares two statements cares.
    pub(crate) fn folded(&self) -> String {
        match self.kind {
            Kind::Text => self.text.to_owned(),
            Kind::Quoted => self.text.trim_matches('"').to_ascii_lowercase(),
            _ => self.text.to_ascii_lowercase(),
        }
    }
}

pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut rest = text;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (kind, length) = next(rest, first);
        let length = if rest.is_char_boundary(length) { length.max(first.len_utf8()) } else { rest.len() };
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push(Token { kind: named(kind, text), text });
        rest = after;
    }
    tokens
}

/// The kind of the token that begins here, and how many bytes it has.
fn next(rest: &str, first: char) -> (Kind, usize) {
    let run = |is: fn(char) -> bool| rest.find(|letter| !is(letter)).unwrap_or(rest.len());
    match first {
        _ if first.is_whitespace() => (Kind::Space, run(char::is_whitespace)),
        '-' if rest.starts_with("--") => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => (Kind::Comment, block(rest)),
        '\'' => (Kind::Text, quoted(rest, 1, b'\'', false)),
        'e' | 'E' if rest.get(1..2) == Some("'") => (Kind::Text, quoted(rest, 2, b'\'', true)),
        '"' => (Kind::Quoted, quoted(rest, 1, b'"', false)),
        '$' => match dollar(rest) {
            Some(length) => (Kind::Text, length),
            None => (Kind::Operator, run(|letter| letter == '$' || letter.is_ascii_digit())),
        },
        '0'..='9' => {
            (Kind::Number, run(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_')))
        }
        _ if first.is_alphabetic() || first == '_' => {
            (Kind::Name, run(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$')))
        }
        _ => (Kind::Operator, first.len_utf8()),
    }
}

fn named(kind: Kind, text: &str) -> Kind {
    let is_keyword = kind == Kind::Name
        && text.len() <= 12
        && KEYWORDS.split(' ').any(|word| word.eq_ignore_ascii_case(text));
    if is_keyword { Kind::Keyword } else { kind }
}

/// The bytes up to the closing quote; a doubled one does not close.
fn quoted(rest: &str, begin: usize, quote: u8, has_escapes: bool) -> usize {
    let mut bytes = rest.bytes().enumerate().skip(begin).peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' && has_escapes {
            bytes.next();
        } else if byte == quote && bytes.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    rest.len()
}

/// The bytes of a comment with all those inside it.
fn block(rest: &str) -> usize {
    let mut depth = 0_u32;
    let mut bytes = rest.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match (byte, bytes.peek().map(|(_, next)| *next)) {
            (b'/', Some(b'*')) => depth += 1,
            (b'*', Some(b'/')) => depth = depth.saturating_sub(1),
            _ => continue,
        }
        bytes.next();
        if depth == 0 {
            return at + 2;
        }
    }
    rest.len()
}

/// The bytes of `$tag$ ... $tag$`.
fn dollar(rest: &str) -> Option<usize> {
    let inside = rest.get(1..)?;
    let tag_end = inside.find('$')? + 2;
    let tag = rest.get(..tag_end)?;
    let is_tag =
        tag.trim_matches('$').chars().enumerate().all(|(n, letter)| {
            letter == '_' || letter.is_alphabetic() || (n > 0 && letter.is_alphanumeric())
        });
    let body = rest.get(tag_end..).filter(|_| is_tag)?;
    Some(body.find(tag).map_or(rest.len(), |at| tag_end + at + tag.len()))
}

/// Words that carry the shape of a statement.
const KEYWORDS: &str = "all alter and any array as asc between both by case cast coalesce collate copy create cross \
    current_date delete desc distinct do drop else end escape except exists explain extract false fetch filter first for \
    from full grant group grouping having ilike in inner insert intersect interval into is isnull join last lateral leading \
    left like limit materialized natural next not notnull null nulls offset on only or order outer over partition recursive \
    returning right rollup rows select set similar some table then trailing true union update using values when where with";

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        tokens(text)
            .into_iter()
            .filter(|token| token.kind != Kind::Space)
            .map(|token| (token.kind, token.text))
            .collect()
    }

    #[test]
    fn the_tokens_are_the_text() {
        for text in [
            "",
            "select 1",
            "'open",
            "\"open",
            "/* /* */",
            "$$ open",
            "$1 $a$ x $a$ $",
            "e'\\",
            "e'a\\'b'",
            "--\n-",
            "ä'ö'\u{1f512}",
            "1.5e3.",
            "$ä$ x",
            "e'\\ä'",
        ] {
            assert_eq!(tokens(text).iter().map(|token| token.text).collect::<String>(), text);
        }
    }

    #[test]
    fn each_form_is_told_from_the_others() {
        assert_eq!(
            kinds("SELECT a.\"B\"\"c\", 'it''s' -- why\n, 1.5 /* /* in */ */ from $x$ select $x$"),
            [
                (Kind::Keyword, "SELECT"),
                (Kind::Name, "a"),
                (Kind::Operator, "."),
                (Kind::Quoted, "\"B\"\"c\""),
                (Kind::Operator, ","),
                (Kind::Text, "'it''s'"),
                (Kind::Comment, "-- why"),
                (Kind::Operator, ","),
                (Kind::Number, "1.5"),
                (Kind::Comment, "/* /* in */ */"),
                (Kind::Keyword, "from"),
                (Kind::Text, "$x$ select $x$"),
            ]
        );
    }
}
