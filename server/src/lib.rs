//! Portcullis lets an AI agent read a PostgreSQL database that its owner has opened just as far as they chose.
//!
//! A request comes in through [`http`] or [`mcp`], becomes a [`flow`]; a flow asks the [`gate`], keeps its record in the
//! [`store`], reads the [`warehouse`], and its answer is shown by [`app`]. Nothing flows back up.
//!
//! The *store* is our own database (people, tokens, the record); the *warehouse* is theirs (what agents read).

pub mod cli;
pub mod config;
pub mod embedded;
pub mod fetch;
pub mod flow;
pub mod http;
pub mod mcp;
pub mod model;
pub mod store;
pub mod telemetry;
pub mod warehouse;
pub mod wiring;
