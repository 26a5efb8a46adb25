//! Every fact that decides about a bearer, asked anew for each request. Those of requests that come at once are asked
//! together, never before the last of them has come.

use crate::model::access::{Ended, Facts, Holder, Standing};
use crate::model::attribute::Attributes;
use crate::model::authorization::Authorization;
use crate::model::client::ClientKind;
use crate::model::session::SessionLife;
use crate::model::throttle::{Throttle, network};
use crate::model::token::TokenHash;
use crate::store::together::{Together, Wish};
use crate::store::{Store, StoreError, twice};
use ipnet::IpNet;
use std::net::IpAddr;
use time::OffsetDateTime;
use uuid::Uuid;

/// Under which circumstances a token is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    pub now: OffsetDateTime,
    pub sessions: SessionLife,
    /// Where the token comes from, and how many bad ones may.
    pub ip: Option<IpAddr>,
    pub bad_token: Throttle,
    pub authorization: &'a Authorization,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Door(Together<Presented>);

/// A token that somebody shows, and from when on things count.
#[derive(Debug)]
struct Presented {
    hash: TokenHash,
    network: Option<IpNet>,
    now: OffsetDateTime,
    sessions: SessionLife,
    bad_token: Throttle,
}

/// What the store knows of one.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a gate of its own")]
struct Known {
    place: i64,
    token_id: Uuid,
    profile: String,
    profile_is_chosen: bool,
    scope: String,
    audience: String,
    expires_at: OffsetDateTime,
    revoked_at: Option<OffsetDateTime>,
    is_signed_out: bool,
    redirect: Option<String>,
    left_out: Vec<String>,
    person_id: Uuid,
    username: String,
    email: String,
    attributes: serde_json::Value,
    active: bool,
    staff: bool,
    client_id: Uuid,
    client_kind: String,
    client_identifier: String,
    client: String,
    client_is_disabled: bool,
    held: Vec<String>,
    is_enrolled: bool,
    has_session: bool,
    is_paused: bool,
    is_blocked: bool,
}

impl Door {
    #[must_use]
    pub fn new(store: &Store) -> Self {
        Self(Together::new(store.clone()))
    }

    /// Everything that decides about the bearer of this token; `None` where we never issued it.
    pub async fn access(&self, hash: TokenHash, at: &Circumstances<'_>) -> Result<Option<Facts>, StoreError> {
        let presented = Presented {
            hash,
            network: at.ip.map(|ip| IpNet::from(network(ip))),
            now: at.now,
            sessions: at.sessions,
            bad_token: at.bad_token,
        };
        Ok(self.0.ask(presented).await?.and_then(|known| known.facts(at.authorization)))
    }
}

impl Wish for Presented {
    type Granted = Option<Known>;

    fn weight(&self) -> usize {
        size_of::<Self>()
    }

    async fn grant(store: &Store, wishes: &[Self]) -> Result<Vec<Option<Known>>, StoreError> {
        let mut granted: Vec<Option<Known>> = wishes.iter().map(|_| None).collect();
        // They came within moments of each other: what has ended for the last of them has ended.
        let Some(last) = wishes.iter().max_by_key(|presented| presented.now) else { return Ok(granted) };
        let hashes: Vec<&[u8]> = wishes.iter().map(|presented| presented.hash.as_bytes()).collect();
        let networks: Vec<Option<IpNet>> = wishes.iter().map(|presented| presented.network).collect();
        let all = twice(|| {
            sqlx::query_file_as!(
                Known,
                "../sql/tokens/access.sql",
                &hashes as &[&[u8]],
                &networks as &[Option<IpNet>],
                last.now - last.sessions.idle,
                last.now - last.sessions.absolute,
                i32::try_from(last.bad_token.attempts).unwrap_or(i32::MAX),
                last.now - last.bad_token.window,
            )
            .fetch_all(store)
        })
        .await?;
        for known in all {
            // Places are counted from 1.
            let place = usize::try_from(known.place - 1).ok().and_then(|place| granted.get_mut(place));
            if let Some(place) = place {
                *place = Some(known);
            }
        }
        Ok(granted)
    }
}

impl Known {
    /// `None` where a word is none of ours.
    fn facts(self, authorization: &Authorization) -> Option<Facts> {
        let client_kind = ClientKind::named(&self.client_kind)?;
        Some(Facts {
            standing: Standing {
                active: self.active,
                staff: self.staff,
                is_enrolled: self.is_enrolled,
                has_session: self.has_session,
                held: self.held.iter().filter_map(|profile| profile.parse().ok()).collect(),
                client_kind,
                client_is_recognised: authorization.recognises(client_kind, &self.client_identifier),
                client_is_disabled: self.client_is_disabled,
                is_paused: self.is_paused,
            },
            holder: Holder {
                token_id: self.token_id,
                person_id: self.person_id,
                person: self.username.parse().ok()?,
                email: self.email,
                attributes: Attributes::read(&self.attributes),
                client_id: self.client_id,
                client: self.client,
                redirect: self.redirect,
                profile: self.profile.parse().ok()?,
            },
            scope: self.scope,
            audience: self.audience,
            profile_is_chosen: self.profile_is_chosen,
            left_out: self.left_out,
            expires_at: self.expires_at,
            ended: match (self.revoked_at, self.is_signed_out) {
                (None, _) => None,
                (Some(_), true) => Some(Ended::SignedOut),
                (Some(_), false) => Some(Ended::Revoked),
            },
            is_blocked: self.is_blocked,
        })
    }
}
