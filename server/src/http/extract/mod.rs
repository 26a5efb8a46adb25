//! What handlers ask of a request.

pub(super) mod caller;
pub(super) mod principal;
