//! Nouns and their laws.
//!
//! Invariant: nothing here does I/O, and nothing here knows a framework, so that every law can be read and tested alone.

pub mod answer;
pub mod catalog;
pub mod limits;
pub mod profile;
