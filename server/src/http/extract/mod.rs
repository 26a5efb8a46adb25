//! What handlers ask of a request.

pub(super) mod browser;
pub(super) mod caller;
pub(super) mod form;
pub(super) mod operator;
pub(super) mod principal;
