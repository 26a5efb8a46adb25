//! What slows guessing down.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// So many attempts in so much time; what comes after is not listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    pub attempts: u32,
    pub window: Duration,
}

/// What strangers are counted for.
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

/// How many guesses are free, and what the others cost.
#[derive(Debug, Clone, Copy)]
pub struct SignInThrottle {
    /// For one account.
    pub attempts: i32,
    /// From one address, whatever the account.
    pub address_attempts: i32,
    /// Without a guess for so long, a counter begins anew.
    pub window: Duration,
    /// The wait after each guess doubles, up to this.
    pub longest_delay: Duration,
}

/// Whose counter a guess goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// A password, for an account, by anybody.
    Account,
    /// A password, from an address, for any account.
    Address,
    /// A password, for an account, from where its owner has signed in before.
    AccountHere,
    /// A code, for an account.
    Code,
    /// A code, for an account, from where its owner has signed in before.
    CodeHere,
}

impl Guess {
    /// The word of the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
            Self::AccountHere => "account_here",
            Self::Code => "code",
            Self::CodeHere => "code_here",
        }
    }
}

/// The network that an address stands for: of IPv6, one customer holds 64 bits at least.
#[must_use]
pub fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from(u128::from(ip) >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_in_ipv6_are_one() {
        let of = |ip: &str| network(ip.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
