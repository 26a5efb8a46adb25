//! What PostgreSQL brings along: functions, types, operators and collations, each list by what is allowed.

mod danger;
mod functions;
mod operators;
mod types;

pub use self::functions::{Kind, allowed_functions};
pub(crate) use self::{
    danger::{Danger, danger_of},
    functions::kind_of,
    operators::{infix, prefix},
    types::builtin_type,
};
