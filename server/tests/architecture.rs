//! Who may know whom: the `use` lines of each folder, held against the design; and the manners of the files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

/// Folder, and what no line of it may name.
const MUST_NOT_KNOW: &[(&str, &[&str])] = &[
    ("app/src", &["axum", "sqlx", "serde", "server", "gate", "tokio", "rmcp"]),
    ("server/gate/src", &["sqlx", "tokio", "time", "serde", "async", "config", "server"]),
    (
        "server/src/model",
        &[
            "sqlx",
            "axum",
            "rmcp",
            "leptos",
            "crate::store",
            "crate::warehouse",
            "crate::flow",
            "crate::http",
            "crate::mcp",
            "crate::config",
        ],
    ),
    (
        "server/src/store",
        &[
            "crate::flow",
            "crate::http",
            "crate::mcp",
            "app",
            "crate::warehouse",
            "crate::config",
            "axum",
            "rmcp",
        ],
    ),
    (
        "server/src/warehouse",
        &["crate::store", "crate::flow", "crate::http", "crate::mcp", "crate::config", "axum", "rmcp"],
    ),
    ("server/src/flow", &["axum", "rmcp", "leptos", "app", "crate::http", "crate::mcp", "crate::cli"]),
    ("server/src/mcp", &["crate::store", "crate::warehouse", "sqlx", "app", "crate::http", "crate::config"]),
    ("server/src/http", &["crate::store", "crate::warehouse", "sqlx", "crate::config", "crate::cli"]),
    ("server/src/cli", &["sqlx", "axum", "crate::store", "crate::warehouse"]),
    (
        "server/src/fetch",
        &["crate::store", "crate::warehouse", "crate::flow", "crate::http", "crate::config", "sqlx"],
    ),
    (
        "server/src/telemetry",
        &[
            "crate::store",
            "crate::warehouse",
            "crate::flow",
            "crate::http",
            "crate::mcp",
            "crate::cli",
            "sqlx",
            "axum",
        ],
    ),
    (
        "server/src/embedded",
        &["crate::store", "crate::warehouse", "crate::flow", "crate::http", "crate::config"],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found
}

/// The paths that a file names: what stands after `use`, and every `a::b` elsewhere outside comments and tests.
fn names(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let mut names = Vec::new();
    for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        for word in line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            if word.contains("::") || line.starts_with("use ") {
                names.push(word.trim_start_matches("::").to_owned());
            }
        }
    }
    names
}

fn is_under(name: &str, known: &str) -> bool {
    name == known || name.strip_prefix(known).is_some_and(|rest| rest.starts_with("::"))
}

#[test]
fn nobody_knows_whom_they_must_not_know() {
    let mut offences = Vec::new();
    for (folder, forbidden) in MUST_NOT_KNOW {
        for file in files(&root().join(folder), "rs") {
            for name in names(&file) {
                if let Some(known) = forbidden.iter().find(|known| is_under(&name, known)) {
                    offences.push(format!("{}: `{name}`, but it must not know `{known}`", file.display()));
                }
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn statements_to_the_store_are_files_and_are_used() {
    let store: String = files(&root().join("server/src/store"), "rs")
        .iter()
        .map(|f| fs::read_to_string(f).unwrap())
        .collect();
    for file in files(&root().join("sql"), "sql") {
        let name = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        if name.starts_with("sql/demo/") || name.starts_with("sql/roles/") {
            continue;
        }
        assert!(store.contains(&name), "{name} is said by nobody");
    }
    for file in files(&root().join("server/src"), "rs") {
        let says = fs::read_to_string(&file).unwrap().contains(concat!("query_", "file"));
        assert!(
            !says || file.starts_with(root().join("server/src/store")),
            "{} speaks to the store",
            file.display()
        );
    }
}

#[test]
fn the_image_is_built_from_what_the_program_includes() {
    let ignored = fs::read_to_string(root().join(".dockerignore")).unwrap();
    let shown: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    for name in &shown {
        assert!(root().join(name).exists(), "there is no {name}");
    }
    let mut beyond = Vec::new();
    for folder in ["app/src", "server/src", "server/gate/src"] {
        for file in files(&root().join(folder), "rs") {
            let text = fs::read_to_string(&file).unwrap();
            let is_test = |part: std::path::Component<'_>| {
                ["tests", "tests.rs", "gallery"].contains(&part.as_os_str().to_str().unwrap())
            };
            if file.components().any(is_test) {
                continue;
            }
            // A path out of the crate in a literal: the macros that include files take them.
            let code = text.split("#[cfg(test)]").next().unwrap();
            for path in code.split("\"../").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let top = path.trim_start_matches("../").split('/').next().unwrap();
                if !shown.contains(&top) {
                    beyond.push(format!("{}: {path}", file.display()));
                }
            }
        }
    }
    assert!(beyond.is_empty(), "{}", beyond.join("\n"));
}

#[test]
fn sql_is_lower_case() {
    let shouted = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "FROM ", "WHERE "];
    let all = [files(&root().join("sql"), "sql"), files(&root().join("migrations"), "sql")].concat();
    for file in all {
        let text = fs::read_to_string(&file).unwrap();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        assert!(!shouted.iter().any(|word| code.concat().contains(word)), "{} shouts", file.display());
    }
}

#[test]
fn migrations_say_why() {
    for file in files(&root().join("migrations"), "sql") {
        assert!(
            fs::read_to_string(&file).unwrap().starts_with("-- "),
            "{} has no sentence on top",
            file.display()
        );
    }
}

#[test]
fn pages_hold_no_raw_html_and_no_script() {
    // The gallery tests the pages, some of it with markup that must stay text.
    let is_page = |file: &PathBuf| !file.components().any(|part| part.as_os_str() == "gallery");
    for file in files(&root().join("app/src"), "rs").into_iter().filter(is_page) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in ["inner_html", "<script", "style=\"", "onclick"] {
            assert!(!code.contains(word), "{} holds `{word}`", file.display());
        }
    }
}

#[test]
fn modules_say_what_they_are() {
    for folder in ["app/src", "server/src", "server/gate/src"] {
        for file in files(&root().join(folder), "rs") {
            let name = file.file_name().unwrap();
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                name == "tests.rs"
                    || file.components().any(|c| c.as_os_str() == "tests")
                    || text.starts_with("//!"),
                "{} has no words on top",
                file.display()
            );
        }
    }
}
