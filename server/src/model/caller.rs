//! Where a request came from, as far as the record tells.

use std::net::IpAddr;
use uuid::Uuid;

/// One HTTP request, seen from the record.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Shown to the client, in the log and in the record, so that the three can be brought together.
    pub request_id: Uuid,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}
