//! The authorization server as clients and browsers meet it (RFC 6749, RFC 7591, RFC 7009).

mod authorize;
mod body;
mod pages;
mod problem;
mod register;
mod revoke;
mod token;

pub(super) use authorize::{ask, decide};
pub(super) use register::register;
pub(super) use revoke::revoke;
pub(super) use token::token;
