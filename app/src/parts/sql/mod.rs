//! SQL as people read it: coloured here, folded where it is long, and compared side by side.

mod difference;
mod token;

use super::text::{cut, visible_lines};
use difference::differing;
use leptos::prelude::*;
use token::{Kind, Token, tokens};

/// The most characters of a statement that a page shows; the export has all of them.
const MOST: usize = 20_000;
/// What a row of a list shows.
const EXCERPT: usize = 120;
/// Beyond so many characters a statement is folded.
const FOLD: usize = 1_500;

impl Kind {
    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Keyword => Some("k"),
            Self::Text => Some("s"),
            Self::Number => Some("n"),
            Self::Comment => Some("c"),
            Self::Quoted => Some("i"),
            Self::Operator => Some("o"),
            Self::Name | Self::Space => None,
        }
    }
}

/// The beginning of a statement in one line.
#[must_use]
pub fn sql_excerpt(sql: &str) -> AnyView {
    // Statements may be a megabyte of blanks; what lies far beyond the excerpt is not even looked at.
    let begin = cut(sql, EXCERPT * 8);
    let line = begin.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = visible_lines(&cut(&line, EXCERPT));
    let marks = vec![false; shown.len()];
    view! { <code class="sql">{spans(&tokens(&shown), &marks, Detail::Words)}</code> }.into_any()
}

/// A whole statement, folded where it is long.
#[must_use]
pub fn sql_text(sql: &str) -> AnyView {
    let shown = visible_lines(&cut(sql, MOST));
    let tokens = tokens(&shown);
    folded(&shown, listing(&tokens, &vec![false; tokens.len()]))
}

/// Versions of one statement side by side, each with its title; what one has and the one before it has not is marked,
/// and in the first what the second has not.
#[must_use]
pub fn sql_columns(versions: Vec<(&'static str, String)>) -> AnyView {
    let shown: Vec<_> = versions.iter().map(|(_, sql)| visible_lines(&cut(sql, MOST))).collect();
    let read: Vec<_> = shown.iter().map(|sql| tokens(sql)).collect();
    let columns: Vec<_> = versions
        .into_iter()
        .zip(&shown)
        .zip(&read)
        .enumerate()
        .map(|(n, (((title, _), sql), tokens))| {
            let other = if n == 0 { read.get(1) } else { read.get(n - 1) };
            let marks = other.and_then(|other| differing(tokens, other));
            let marks = marks.unwrap_or_else(|| vec![false; tokens.len()]);
            view! { <div><h3>{title}</h3>{folded(sql, listing(tokens, &marks))}</div> }
        })
        .collect();
    view! { <div class="versions">{columns}</div> }.into_any()
}

fn listing(tokens: &[Token<'_>], marks: &[bool]) -> AnyView {
    view! { <pre class="sql" tabindex="0">{spans(tokens, marks, Detail::All)}</pre> }.into_any()
}

fn folded(shown: &str, listing: AnyView) -> AnyView {
    let length = shown.chars().count();
    if length <= FOLD {
        return listing;
    }
    let told = format!("Show all {} characters", super::number::grouped(length as u64));
    view! { <div class="fold">{sql_excerpt(shown)}<details><summary>{told}</summary>{listing}</details></div> }.into_any()
}

/// How finely a statement is coloured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// What a glance takes in.
    Words,
    All,
}

/// Neighbours of the same look share one element.
fn spans(tokens: &[Token<'_>], marks: &[bool], detail: Detail) -> Vec<AnyView> {
    let mut runs: Vec<(Option<&'static str>, bool, String)> = Vec::new();
    for (token, &marked) in tokens.iter().zip(marks.iter().chain(std::iter::repeat(&false))) {
        let class = token.kind.class().filter(|&class| detail == Detail::All || !matches!(class, "o" | "i"));
        match runs.last_mut() {
            Some((last, was_marked, text))
                if (*last == class && *was_marked == marked)
                    || (token.kind == Kind::Space && !marked && !*was_marked) =>
            {
                text.push_str(token.text);
            }
            _ => runs.push((class, marked, token.text.to_owned())),
        }
    }
    runs.into_iter()
        .map(|(class, marked, text)| match (class, marked) {
            (None, false) => text.into_any(),
            (Some(class), false) => view! { <span class=class>{text}</span> }.into_any(),
            (class, true) => view! { <mark class=class>{text}</mark> }.into_any(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{sql_columns, sql_excerpt, sql_text};
    use leptos::prelude::*;

    fn html(view: impl FnOnce() -> AnyView) -> String {
        Owner::new().with(|| view().to_html()).replace("<!>", "")
    }

    #[test]
    fn a_statement_is_only_ever_text() {
        let html = html(|| sql_text("select '<script>' -- \u{202e}<img>"));
        assert!(!html.contains("<script") && !html.contains("<img") && html.contains("⟨U+202E⟩"), "{html}");
    }

    #[test]
    fn words_have_their_colour() {
        let html = html(|| sql_text("select 'x', 1"));
        assert!(html.contains("<span class=\"k\">select </span><span class=\"s\">'x'</span>"), "{html}");
    }

    #[test]
    fn what_differs_is_marked_and_what_is_only_quoted_is_not() {
        let html = html(|| {
            sql_columns(vec![
                ("As asked", "SELECT id FROM orders".to_owned()),
                ("As judged", "select \"id\" from \"public\".\"orders\"".to_owned()),
            ])
        });
        assert_eq!(html.matches("<mark").count(), 2, "{html}");
        assert!(html.contains("<mark class=\"i\">\"public\"</mark><mark class=\"o\">.</mark>"), "{html}");
    }

    #[test]
    fn a_long_statement_is_folded_and_bounded() {
        let long = "select 1 + ".repeat(10_000);
        let html = html(|| sql_text(&long));
        assert!(html.contains("<details>") && html.contains("…"), "{}", html.len());
        let html = self::html(|| sql_excerpt(&long));
        assert!(html.len() < 1_500, "{html}");
    }
}
