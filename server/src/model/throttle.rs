//! How often something may go wrong before we stop listening, and to whom it is counted.

use ipnet::IpNet;
use std::net::IpAddr;
use std::time::Duration;

/// So many attempts in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    pub attempts: u32,
    pub window: Duration,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// A bearer token, a code or a refresh token that we never issued.
    BadToken,
    /// A client that registered itself.
    Registration,
    /// A metadata document that was fetched.
    Document,
}

impl Counted {
    /// The word of the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadToken => "bad_token",
            Self::Registration => "registration",
            Self::Document => "document",
        }
    }
}

/// Whom an address is counted to. One customer of a provider holds at least a /64 of IPv6, so counting single addresses
/// there would count nothing.
#[must_use]
pub fn network(ip: IpAddr) -> IpNet {
    let prefix = if ip.is_ipv4() { 32 } else { 64 };
    IpNet::new(ip, prefix).map_or_else(|_| IpNet::from(ip), |net| net.trunc())
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_of_ipv6_are_one() {
        assert_eq!(network("2001:db8::1".parse().unwrap()), network("2001:db8::ffff:1".parse().unwrap()));
        assert_ne!(network("192.0.2.1".parse().unwrap()), network("192.0.2.2".parse().unwrap()));
    }
}
