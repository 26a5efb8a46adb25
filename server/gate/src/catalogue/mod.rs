//! What PostgreSQL brings along: functions, types, operators and collations, each list by what is allowed.

mod danger;
mod functions;
mod operators;
mod types;

pub use self::{
    danger::why_not,
    functions::{Kind, allowed_functions},
    operators::is_extension_operator,
};
pub(crate) use self::{
    danger::{Danger, danger_of},
    functions::kind_of,
    operators::{infix, prefix},
    types::builtin_type,
};
