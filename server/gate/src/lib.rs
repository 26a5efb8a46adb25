//! What an agent may say: a compiler of one `SELECT`.
//!
//! A linter passes whatever no rule flags; a gate must pass only what some arm admits. So the gate is a lowering:
//! the parser's tree becomes our own small tree, and our own printer writes the text that is executed. What the
//! user sent is never executed, and neither is anything that another printer wrote.
//!
//! Invariant: no I/O, no clock, no async; this crate knows `sqlparser` and the standard library.

#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]

mod admitted;
mod budget;
mod catalogue;
mod judge;
mod lower;
mod name;
mod nearest;
mod policy;
mod read;
mod reason;
mod refusal;
mod render;
mod reread;
mod surface;
mod tree;

pub use self::{
    admitted::Admitted,
    catalogue::{Kind, allowed_functions, is_extension_operator, why_not},
    judge::{judge, judge_and_explain},
    name::sql_name,
    policy::{Offset, Policy, Recursion, SelectStar, TableFunctions},
    reason::Reason,
    refusal::{Position, Refusal},
    render::Meaning,
    surface::{Column, Relation, RelationName, Surface},
};
