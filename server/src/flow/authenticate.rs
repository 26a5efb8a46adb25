//! Who asks: from a bearer token to a principal, on every request, with nothing remembered in between.

use crate::flow::deny::{NotDenied, deny};
use crate::flow::surface::{self, Reading};
use crate::flow::{Portcullis, Profile, strangers};
use crate::model::access::{Access, Denied, Holder, Rules};
use crate::model::caller::Caller;
use crate::model::denial::DenialReason;
use crate::model::rng::NoEntropy;
use crate::model::token::Bearer;
use crate::store::StoreError;
use crate::store::door::Circumstances;
use crate::warehouse::Fault;
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

    /// What the principal can see of the warehouse: the profile's surface without what the person kept back.
    pub(super) async fn reading(&self) -> Result<Arc<Reading>, Fault> {
        let reading = surface::surface(&self.profile).await?;
        Ok(match self.access.left_out() {
            [] => reading,
            left_out => Arc::new(reading.without(left_out)),
        })
    }
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum NotAuthenticated {
    /// No token of ours, or one whose time is over, or nobody listens to where it comes from. Not recorded.
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

impl From<NotDenied> for NotAuthenticated {
    fn from(error: NotDenied) -> Self {
        match error {
            NotDenied::Store(error) => Self::Store(error),
            NotDenied::NoEntropy(error) => Self::NoEntropy(error),
        }
    }
}

/// Judges a presented token by every gate, in one statement to the store.
pub async fn authenticate(
    portcullis: &Portcullis,
    caller: Caller,
    presented: &str,
) -> Result<Principal, NotAuthenticated> {
    let authorization = portcullis.authorization();
    let circumstances = Circumstances {
        now: portcullis.now(),
        sessions: portcullis.session_life(),
        ip: caller.ip,
        bad_token: authorization.bad_token,
        authorization,
    };
    let facts = match Bearer::presented(presented) {
        Some(bearer) => portcullis.door().access(bearer.hash(), &circumstances).await?,
        None => None,
    };
    let Some(mut facts) = facts else {
        strangers::bad_secret(portcullis, &caller).await?;
        return Err(NotAuthenticated::Unknown);
    };
    // One that was assigned once, and is gone from the configuration since, is held no more.
    facts.standing.held.retain(|profile| portcullis.profile(profile).is_some());
    match facts.admit(&portcullis.rules()) {
        Ok(access) => match portcullis.profile(&access.holder().profile) {
            Some(profile) => Ok(Principal { profile: Arc::clone(profile), access, caller }),
            None => Err(NotAuthenticated::Unknown),
        },
        Err(Denied::Unheard) => Err(NotAuthenticated::Unknown),
        Err(Denied::Resolved(reason, holder)) => {
            deny(portcullis, reason, holder.into_subject(), &caller).await?;
            Err(NotAuthenticated::Denied(reason))
        }
    }
}

impl Portcullis {
    /// What is asked of everybody, now.
    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            now: self.now(),
            audience: self.audience(),
            require_live_session: self.authorization().require_live_session,
        }
    }
}
