//! What a fuzzer found stays mended.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

#[path = "support/laws.rs"]
mod laws;
mod support;

use gate::Policy;
use support::{open, surface};

#[test]
fn what_was_found_keeps_the_laws() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/found");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts: Vec<_> = files.filter(|path| path.extension().is_some_and(|each| each == "sql")).collect();
    assert!(!texts.is_empty());
    for path in texts {
        // What is not text does not reach the gate.
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for policy in [Policy::default(), open()] {
            laws::hold(&text, &surface(), &policy);
        }
    }
}
