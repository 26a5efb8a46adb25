//! Where a request came from.

use crate::http::router::Site;
use crate::model::caller::Caller;
use crate::model::rng::NoEntropy;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use ipnet::IpNet;
use std::net::IpAddr;

/// What a client calls itself, at most; the rest tells nothing.
const LONGEST_USER_AGENT: usize = 256;

/// The caller behind a request that `peer` sent us.
pub(crate) fn of(site: &Site, peer: Option<IpAddr>, headers: &HeaderMap) -> Result<Caller, NoEntropy> {
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    Ok(Caller {
        request_id: site.portcullis.rng().uuid()?,
        ip: peer.map(|peer| behind(peer.to_canonical(), headers, &site.trusted_proxies)),
        user_agent: user_agent.map(|text| text.chars().take(LONGEST_USER_AGENT).collect()),
    })
}

/// The address behind our own proxies. Each proxy adds its peer at the right end of `X-Forwarded-For`, so the list is
/// read from there, and only as long as the one who wrote an entry is trusted: everything further left may be made up.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut address = peer;
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(&address) {
            break;
        }
        match entry.trim().parse::<IpAddr>() {
            Ok(before) => address = before.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::behind;
    use axum::http::{HeaderMap, HeaderValue};

    fn seen(peer: &str, lines: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let trusted: Vec<_> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &["10.0.0.0/8"]), "192.0.2.1");
    }

    #[test]
    fn the_list_is_read_from_the_right() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, 198.51.100.7"], &trusted), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"], &trusted), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9", "198.51.100.7"], &trusted), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["rubbish"], &trusted), "10.0.0.1");
    }
}
