//! How every page looks: complete documents in `snapshots/`, to be opened in a browser.

use super::pages;
use crate::parts::Theme;
use crate::{Document, DocumentProps};
use leptos::children::ToChildren;
use leptos::prelude::*;
use std::fs;
use std::path::Path;

/// A document whose body is put in afterwards, since the pages are text already.
fn document(title: &str, body: &str) -> String {
    let shell = Owner::new().with(|| {
        let children: Children = ToChildren::to_children(|| "BODY");
        let style = "../../style/main.css".to_owned();
        Document(DocumentProps { title: title.to_owned(), style, theme: Theme::Auto, onward: None, children })
            .to_html()
    });
    format!("<!doctype html>{}\n", lines(&shell.replacen("BODY", body, 1)))
}

/// A line for each block, so that a difference can be read. Between blocks a line break changes nothing.
fn lines(html: &str) -> String {
    let blocks = [
        "head", "meta", "title", "link", "body", "header", "nav", "main", "section", "h1", "h2", "h3", "p",
        "div", "ul", "ol", "li", "dl", "table", "thead", "tbody", "tr", "th", "td", "form", "details",
        "figure", "svg",
    ];
    blocks.iter().fold(html.replace("<!>", ""), |html, block| {
        [">", " "]
            .iter()
            .fold(html, |html, end| html.replace(&format!("<{block}{end}"), &format!("\n<{block}{end}")))
    })
}

#[test]
fn every_page_looks_as_it_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let changed: Vec<_> = pages()
        .into_iter()
        .filter(|(name, body)| {
            let html = document(name, body);
            let path = folder.join(format!("{name}.html"));
            let fresh = folder.join(format!("{name}.html.new"));
            let is_same = fs::read_to_string(&path).is_ok_and(|known| known == html);
            if is_same {
                let _ = fs::remove_file(fresh);
            } else {
                fs::create_dir_all(&folder)
                    .and_then(|()| fs::write(fresh, html))
                    .expect("the folder can be written to");
            }
            !is_same
        })
        .map(|(name, _)| name)
        .collect();
    assert!(
        changed.is_empty(),
        "these pages changed: {changed:?}; look at each `app/snapshots/<page>.html.new` in a browser, and if it is right, \
         move it over `<page>.html`"
    );
}

#[test]
fn no_snapshot_outlives_its_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let names: Vec<_> = pages().into_iter().map(|(name, _)| format!("{name}.html")).collect();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let file = entry.expect("the folder can be read").file_name().to_string_lossy().into_owned();
        assert!(file.contains(".html.new") || names.contains(&file), "{file}");
    }
}
