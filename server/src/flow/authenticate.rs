//! Who asks: from a bearer token to a principal, on every request, with nothing remembered in between.

use crate::flow::{Portcullis, Profile};
use crate::model::access::{Access, Denied, Holder};
use crate::model::caller::Caller;
use crate::model::denial::{Denial, DenialReason};
use crate::model::rng::NoEntropy;
use crate::model::token::Bearer;
use crate::store::{StoreError, denials, tokens};
use std::sync::Arc;

/// Somebody who passed every gate a moment ago, for the length of one request; [`authenticate`] alone makes one.
#[derive(Clone)]
pub struct Principal {
    access: Access,
    caller: Caller,
    profile: Arc<Profile>,
}

impl Principal {
    #[must_use]
    pub fn holder(&self) -> &Holder {
        self.access.holder()
    }

    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    #[must_use]
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum NotAuthenticated {
    /// No token of ours, or one whose time is over. Not recorded: anybody can send rubbish, and must not fill our disk.
    #[error("the token is not known")]
    Unknown,
    /// A person whom we know is turned away; this is recorded.
    #[error("denied: {}", .0.code())]
    Denied(DenialReason),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Judges a presented token by every gate, in one statement to the store.
pub async fn authenticate(
    portcullis: &Portcullis,
    caller: Caller,
    presented: &str,
) -> Result<Principal, NotAuthenticated> {
    let bearer = Bearer::presented(presented).ok_or(NotAuthenticated::Unknown)?;
    let facts = tokens::access(portcullis.store(), &bearer.hash()).await?.ok_or(NotAuthenticated::Unknown)?;
    match facts.admit(portcullis.now(), portcullis.audience()) {
        Ok(access) => match portcullis.profile(&access.holder().profile) {
            Some(profile) => Ok(Principal { profile: Arc::clone(profile), access, caller }),
            // Assigned once, and gone from the configuration since.
            None => Err(deny(portcullis, DenialReason::NoPerm, access.holder().clone(), caller).await),
        },
        Err(Denied::Expired) => Err(NotAuthenticated::Unknown),
        Err(Denied::Resolved(reason, holder)) => Err(deny(portcullis, reason, *holder, caller).await),
    }
}

async fn deny(
    portcullis: &Portcullis,
    reason: DenialReason,
    holder: Holder,
    caller: Caller,
) -> NotAuthenticated {
    let at = portcullis.now();
    let id = match portcullis.rng().uuid_at(at) {
        Ok(id) => id,
        Err(error) => return error.into(),
    };
    let denial = Denial { id, at, reason, holder, caller };
    match denials::insert(portcullis.store(), &denial).await {
        Ok(()) => NotAuthenticated::Denied(reason),
        Err(error) => error.into(),
    }
}
