//! Judges a person who reads through a client where there is no token yet: at consent, and when a code or a refresh token
//! is brought.

use crate::flow::Portcullis;
use crate::flow::deny::{NotDenied, deny};
use crate::model::access::Standing;
use crate::model::caller::Caller;
use crate::model::denial::{DenialReason, Subject};
use crate::model::rng::NoEntropy;
use crate::store::{StoreError, people};
use uuid::Uuid;

/// Why somebody may not go on.
#[derive(Debug, thiserror::Error)]
pub enum NotStanding {
    /// They are turned away; this is recorded.
    #[error("denied: {}", .0.code())]
    Denied(DenialReason),
    #[error("the person or the client is not known")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

impl From<NotDenied> for NotStanding {
    fn from(error: NotDenied) -> Self {
        match error {
            NotDenied::Store(error) => Self::Store(error),
            NotDenied::NoEntropy(error) => Self::NoEntropy(error),
        }
    }
}

/// Asks every gate that does not depend on a token, and tells what the two stand for.
pub(super) async fn standing(
    portcullis: &Portcullis,
    caller: &Caller,
    person_id: Uuid,
    client_id: Uuid,
) -> Result<Standing, NotStanding> {
    let (now, life) = (portcullis.now(), portcullis.session_life());
    let stood =
        people::standing(portcullis.store(), person_id, client_id, now, life, portcullis.authorization())
            .await?;
    let mut stood = stood.ok_or(NotStanding::Unknown)?;
    stood.standing.held.retain(|profile| portcullis.profile(profile).is_some());
    let Some(reason) = stood.standing.shut_gate(&portcullis.rules()) else { return Ok(stood.standing) };
    let subject = Subject {
        person_id,
        person: stood.person,
        client_id,
        client: stood.client,
        profile: None,
        token_id: None,
    };
    deny(portcullis, reason, subject, caller).await?;
    Err(NotStanding::Denied(reason))
}
