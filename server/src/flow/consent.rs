//! A person lets a client in, or does not.

use crate::flow::authorize::{Asked, ErrorCode};
use crate::flow::surface::{self, Reading};
use crate::flow::{Portcullis, Profile};
use crate::model::event::{Event, EventKind};
use crate::model::grant::{Approved, Grant, Share, Stage};
use crate::model::person::Person;
use crate::model::rng::NoEntropy;
use crate::model::token::{Code, SCOPE};
use crate::store::{StoreError, events, grants};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// What the person would let the client read through one profile.
pub struct Offer {
    pub profile: Arc<Profile>,
    /// The data itself; `None` where the warehouse cannot be asked.
    pub reading: Option<Arc<Reading>>,
}

impl Offer {
    /// Its relations, as `schema.name`.
    #[must_use]
    pub fn relations(&self) -> Vec<String> {
        self.profile
            .declared
            .iter()
            .map(|declared| format!("{}.{}", declared.schema, declared.name))
            .collect()
    }
}

/// What there is to choose from, with the data behind it.
pub async fn offers(asked: &Asked) -> Vec<Offer> {
    let mut offers = Vec::with_capacity(asked.profiles.len());
    for profile in &asked.profiles {
        let reading = match surface::surface(profile).await {
            Ok(reading) => Some(reading),
            Err(fault) => {
                tracing::warn!(profile = %profile.name, %fault, "the data of a profile cannot be shown");
                None
            }
        };
        offers.push(Offer { profile: Arc::clone(profile), reading });
    }
    offers
}

/// What the person chose.
#[derive(Debug)]
pub struct Choice<'a> {
    pub profile: &'a str,
    /// Relations that the client may read, as `schema.name`; all others are kept back.
    pub kept: &'a [&'a str],
}

#[derive(Debug, thiserror::Error)]
pub enum NotApproved {
    #[error("Choose one of your profiles.")]
    NoProfile,
    #[error("Leave at least one table in: with none there is nothing to read.")]
    NothingLeft,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Lets the client in, and tells the address that takes the code to it.
pub async fn approve(
    portcullis: &Portcullis,
    person: &Person,
    session_id: Uuid,
    asked: &Asked,
    choice: &Choice<'_>,
) -> Result<String, NotApproved> {
    let profile = asked.profiles.iter().find(|profile| profile.name.as_str() == choice.profile);
    let profile = profile.ok_or(NotApproved::NoProfile)?;
    let relations = Offer { profile: Arc::clone(profile), reading: None }.relations();
    let left_out: Vec<String> =
        relations.iter().filter(|relation| !choice.kept.contains(&relation.as_str())).cloned().collect();
    if left_out.len() == relations.len() {
        return Err(NotApproved::NothingLeft);
    }
    let now = portcullis.now();
    let authorization = portcullis.authorization();
    let code = Code::generate(portcullis.rng())?;
    let approved = Approved {
        redirect_uri: asked.reply.to.clone(),
        challenge: asked.challenge.clone(),
        code_expires_at: now + authorization.code,
    };
    let grant = Grant {
        id: portcullis.rng().uuid_at(now)?,
        person_id: person.id,
        client_id: asked.client.id,
        share: Share {
            profile: profile.name.clone(),
            profile_is_chosen: asked.profiles.len() > 1,
            scope: SCOPE.to_owned(),
            audience: portcullis.audience().to_owned(),
            left_out,
        },
        approved_at: now,
        ends_at: now + authorization.grant,
        stage: Stage::Approved(approved.clone()),
    };
    let mut transaction = portcullis.store().begin().await?;
    grants::insert(&mut transaction, &grant, &approved, Some(session_id), &code.hash()).await?;
    let detail = json!({
        "client": asked.client.name,
        "client_id": asked.client.identifier,
        "redirect": asked.reply.to.place(),
        "profile": grant.share.profile.as_str(),
        "left_out": grant.share.left_out,
    });
    let event = event(portcullis, EventKind::GrantApproved, person, grant.id.to_string(), detail)?;
    events::insert(&mut transaction, &event).await?;
    transaction.commit().await?;
    Ok(asked.reply.address(portcullis, &[("code", code.reveal())]))
}

/// Turns the client away, and tells the address that tells it so.
pub async fn refuse(portcullis: &Portcullis, person: &Person, asked: &Asked) -> Result<String, NotApproved> {
    let detail = json!({ "client": asked.client.name, "redirect": asked.reply.to.place() });
    let subject = asked.client.identifier.clone();
    let event = event(portcullis, EventKind::GrantDenied, person, subject, detail)?;
    events::insert(portcullis.store(), &event).await?;
    Ok(asked.reply.error(portcullis, ErrorCode::AccessDenied, "the person refused"))
}

fn event(
    portcullis: &Portcullis,
    kind: EventKind,
    person: &Person,
    subject: String,
    detail: serde_json::Value,
) -> Result<Event, NoEntropy> {
    let at = portcullis.now();
    Ok(Event {
        id: portcullis.rng().uuid_at(at)?,
        at,
        kind,
        actor: person.username.to_string(),
        person_id: Some(person.id),
        subject,
        detail,
    })
}
