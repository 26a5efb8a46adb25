//! Portcullis lets an AI agent read a PostgreSQL database that its owner has opened just as far as they chose.

pub mod model;
pub mod warehouse;
