//! SQL as people read it: coloured here, folded where it is long, and compared side by side.

mod difference;
mod token;

use super::number::grouped;
use super::text::{cut, light, visible_lines, weight};
use difference::differing;
use leptos::prelude::*;
use token::{Kind, Token, tokens};

/// The most characters of a statement that are read.
const MOST: usize = 20_000;
/// The most bytes that the statements of a page may be there, colours included.
const HEAVIEST: usize = 24_000;
/// What a row of a list shows: so many characters, and so many bytes with their colours.
const EXCERPT: usize = 100;
const EXCERPT_BYTES: usize = 290;
/// Beyond so many characters a statement is folded.
const FOLD: usize = 1_500;
/// What a colour costs: `<span class="k"></span>`.
const COLOUR_BYTES: usize = 23;

/// A statement, or one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub sql: String,
    /// Where all of it is, should it be too long for the page.
    pub whole: Option<String>,
}

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
    let (spans, _) = spans(&tokens(&shown), &[], Look { detail: Detail::Words, most: EXCERPT_BYTES });
    view! { <code class="sql">{spans}</code> }.into_any()
}

/// A whole statement, folded where it is long.
#[must_use]
pub fn sql_text(statement: Statement) -> AnyView {
    let shown = visible_lines(&cut(&statement.sql, MOST));
    folded(statement, (&tokens(&shown), &[]), HEAVIEST)
}

/// Versions of one statement side by side, each with its title; what one has and the one before it has not is marked,
/// and in the first what the second has not.
#[must_use]
pub fn sql_columns(versions: Vec<(&'static str, Statement)>) -> AnyView {
    let shown: Vec<_> = versions.iter().map(|(_, one)| visible_lines(&cut(&one.sql, MOST))).collect();
    let read: Vec<_> = shown.iter().map(|sql| tokens(sql)).collect();
    let most = HEAVIEST / versions.len().max(1);
    let columns: Vec<_> = versions
        .into_iter()
        .zip(&read)
        .enumerate()
        .map(|(n, ((title, statement), tokens))| {
            let other = if n == 0 { read.get(1) } else { read.get(n - 1) };
            let marks = other.and_then(|other| differing(tokens, other)).unwrap_or_default();
            view! { <div><h3>{title}</h3>{folded(statement, (tokens, &marks), most)}</div> }
        })
        .collect();
    view! { <div class="versions">{columns}</div> }.into_any()
}

/// What is long is folded; what is too long leads to all of it.
fn folded(statement: Statement, (tokens, marks): (&[Token<'_>], &[bool]), most: usize) -> AnyView {
    let Statement { sql, whole } = statement;
    let (spans, is_cut) = spans(tokens, marks, Look { detail: Detail::All, most });
    let listing = view! { <pre class="sql" tabindex="0">{spans}</pre> };
    let length = sql.chars().count();
    let is_cut = is_cut || length > MOST;
    if length <= FOLD && !is_cut {
        return listing.into_any();
    }
    let length = grouped(length as u64);
    if !is_cut {
        let told = format!("Show all {length} characters");
        return view! { <div class="fold">{sql_excerpt(&sql)}<details><summary>{told}</summary>{listing}</details></div> }
            .into_any();
    }
    let whole =
        whole.map(|href| view! { <p><a href=href>{format!("All {length} characters as a file")}</a></p> });
    let told = format!("Show the beginning of {length} characters");
    view! { <div class="fold">{sql_excerpt(&sql)}<details><summary>{told}</summary>{listing}</details>{whole}</div> }
        .into_any()
}

/// How finely a statement is coloured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// What a glance takes in.
    Words,
    All,
}

/// How a statement is shown.
#[derive(Clone, Copy)]
struct Look {
    detail: Detail,
    /// The most bytes that it may be on the page.
    most: usize,
}

/// Text of one look.
struct Run {
    class: Option<&'static str>,
    is_marked: bool,
    text: String,
}

/// The tokens in their colours, and whether some had to be left out. Neighbours of the same look share one element.
fn spans(tokens: &[Token<'_>], marks: &[bool], look: Look) -> (Vec<AnyView>, bool) {
    let mut runs: Vec<Run> = Vec::new();
    let mut left = look.most;
    for (token, &is_marked) in tokens.iter().zip(marks.iter().chain(std::iter::repeat(&false))) {
        let class =
            token.kind.class().filter(|&class| look.detail == Detail::All || !matches!(class, "o" | "i"));
        let joins = runs.last().is_some_and(|last| {
            (last.class == class && last.is_marked == is_marked)
                || (token.kind == Kind::Space && !is_marked && !last.is_marked)
        });
        if !joins {
            runs.push(Run { class, is_marked, text: String::new() });
            left = left.saturating_sub(if class.is_some() || is_marked { COLOUR_BYTES } else { 0 });
        }
        let Some(run) = runs.last_mut() else { continue };
        let Some(rest) = left.checked_sub(weight(token.text)) else {
            run.text.push_str(&light(token.text, left));
            return (runs.into_iter().map(Run::show).collect(), true);
        };
        left = rest;
        run.text.push_str(token.text);
    }
    (runs.into_iter().map(Run::show).collect(), false)
}

impl Run {
    fn show(self) -> AnyView {
        let Self { class, is_marked, text } = self;
        match (class, is_marked) {
            (None, false) => text.into_any(),
            (Some(class), false) => view! { <span class=class>{text}</span> }.into_any(),
            (class, true) => view! { <mark class=class>{text}</mark> }.into_any(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAVIEST, Statement, sql_columns, sql_excerpt, sql_text};
    use leptos::prelude::*;

    fn html(view: impl FnOnce() -> AnyView) -> String {
        Owner::new().with(|| view().to_html()).replace("<!>", "")
    }

    fn statement(sql: &str) -> Statement {
        Statement { sql: sql.to_owned(), whole: Some("/whole.sql".to_owned()) }
    }

    #[test]
    fn a_statement_is_only_ever_text() {
        let html = html(|| sql_text(statement("select '<script>' -- \u{202e}<img>")));
        assert!(!html.contains("<script") && !html.contains("<img") && html.contains("⟨U+202E⟩"), "{html}");
    }

    #[test]
    fn words_have_their_colour() {
        let html = html(|| sql_text(statement("select 'x', 1")));
        assert!(html.contains("<span class=\"k\">select </span><span class=\"s\">'x'</span>"), "{html}");
    }

    #[test]
    fn what_differs_is_marked_and_what_is_only_quoted_is_not() {
        let html = html(|| {
            sql_columns(vec![
                ("As asked", statement("SELECT id FROM orders")),
                ("As judged", statement("select \"id\" from \"public\".\"orders\"")),
            ])
        });
        assert_eq!(html.matches("<mark").count(), 2, "{html}");
        assert!(html.contains("<mark class=\"i\">\"public\"</mark><mark class=\"o\">.</mark>"), "{html}");
    }

    #[test]
    fn a_long_statement_is_folded() {
        let html = html(|| sql_text(statement(&"select 1 + ".repeat(200))));
        let (_, whole) = html.split_once("<details>").expect("it is folded");
        assert!(
            whole.contains("2,200 characters") && !whole.contains("…") && !whole.contains("href"),
            "{html}"
        );
    }

    #[test]
    fn a_statement_that_is_too_long_leads_to_all_of_it() {
        for long in ["select 1 + ", "1'", "&", "\u{202e}", "\u{1f512}"].map(|piece| piece.repeat(100_000)) {
            let html = html(|| sql_text(statement(&long)));
            assert!(html.contains("…") && html.contains("href=\"/whole.sql\""), "{html}");
            assert!(html.len() < HEAVIEST + 1_500, "{}", html.len());
            let html = self::html(|| sql_excerpt(&long));
            assert!(html.len() < 600, "{html}");
        }
    }
}
