//! HTTP: what comes in from the network, and in which voice it is answered.
//!
//! Invariant: a handler extracts, calls a flow and chooses the voice; it never speaks to a database.

mod assets;
mod attend;
mod console;
mod cors;
mod csrf;
mod extract;
mod flash;
mod headers;
mod mcp;
mod oauth;
mod observe;
mod page;
mod problem;
mod router;
mod seats;
mod serve;
mod sessions;
mod tls;
mod visit;
mod welcome;
mod well_known;

pub use observe::{begin_counting, serve_watchers};
pub use router::{Site, router};
pub use serve::{Sites, serve};
