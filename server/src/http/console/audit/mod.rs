//! The record, for those who may look into it.

pub(in crate::http) mod listing;
