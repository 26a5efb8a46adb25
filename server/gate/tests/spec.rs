//! The specification in `spec/*.md`, statement by statement.
//!
//! A block `sql` is judged and compared with the block `text` below it; a block `sql admitted` may run.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

use std::{fs, path::Path};

use gate::{Policy, Reason, Refusal, judge};
use support::surface;

#[test]
fn every_reason_has_its_page_and_every_page_is_true() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec");
    let mut wrong = Vec::new();
    for reason in Reason::ALL {
        let page = fs::read_to_string(pages.join(format!("{reason}.md"))).unwrap();
        wrong.extend(check(&page, |verdict| match verdict {
            Err(refusal) if refusal.reason == reason => Ok(shown(&refusal)),
            other => Err(format!("is not refused as {reason}: {other:?}")),
        }));
    }
    let page = fs::read_to_string(pages.join("admitted.md")).unwrap();
    wrong.extend(check(&page, |verdict| verdict.map_err(|refusal| shown(&refusal))));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What a page says wrongly. `verdict` turns a verdict into the text that must stand below the statement.
fn check(page: &str, verdict: impl Fn(Result<String, Refusal>) -> Result<String, String>) -> Vec<String> {
    let (surface, policy) = (surface(), Policy::default());
    let judged = |sql: &str| judge(sql, &surface, &policy).map(|admitted| admitted.text().to_owned());
    let mut wrong = Vec::new();
    let mut blocks = blocks(page).into_iter();
    while let Some((kind, sql)) = blocks.next() {
        let expected = if kind == "sql" { blocks.next().map(|(_, text)| text) } else { None };
        match (kind, expected) {
            ("sql admitted", None) => {
                if let Err(refusal) = judged(sql) {
                    wrong.push(format!("{sql}\n    should run: {}", shown(&refusal)));
                }
            }
            ("sql", Some(expected)) => match verdict(judged(sql)) {
                Ok(text) if text == expected => {}
                Ok(text) => wrong.push(format!("{sql}\n--- says\n{expected}\n--- is\n{text}")),
                Err(problem) => wrong.push(format!("{sql}\n    {problem}")),
            },
            (kind, _) => wrong.push(format!("a block `{kind}` that says nothing: {sql}")),
        }
    }
    wrong
}

fn shown(refusal: &Refusal) -> String {
    let place = refusal.at.map_or_else(String::new, |at| format!("{at}\n"));
    format!("{refusal}\n{place}help: {}", refusal.advice())
}

/// The fenced blocks of a page: what stands behind the fence, and the text inside.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("\n```") {
        let (kind, body) = after.split_once('\n').unwrap();
        let (text, after) = body.split_once("\n```").unwrap();
        blocks.push((kind, text));
        rest = after;
    }
    blocks
}
