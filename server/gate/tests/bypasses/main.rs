//! Ways around a gate that were tried on real servers, each by the name of its shape.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod deeds;
mod names;
mod printer;
mod reader;
mod sizes;
#[path = "../support/mod.rs"]
mod support;

use gate::{Policy, Reason, judge};
use support::surface;

fn verdict(sql: &str) -> Result<String, Reason> {
    judge(sql, &surface(), &Policy::default()).map(|admitted| admitted.text().to_owned()).map_err(|refusal| {
        assert!(!refusal.is_our_fault(), "{sql}: {refusal}");
        refusal.reason
    })
}

#[track_caller]
fn refused(reason: Reason, statements: &[&str]) {
    for sql in statements {
        assert_eq!(verdict(sql), Err(reason), "{sql}");
    }
}

/// A statement that may run, but with the meaning that the printed text says.
#[track_caller]
fn admitted_as(sql: &str, text: &str) {
    assert_eq!(verdict(sql).as_deref(), Ok(text), "{sql}");
}
