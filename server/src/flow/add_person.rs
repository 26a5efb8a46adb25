//! Makes a person known, with a password and profiles.

use crate::flow::Portcullis;
use crate::model::event::{Event, EventKind};
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use crate::model::rng::NoEntropy;
use crate::store::assignments::Assignment;
use crate::store::people::NewPerson;
use crate::store::{StoreError, assignments, events, people};
use argon2::{Argon2, PasswordHasher};
use serde_json::json;
use uuid::Uuid;

/// Who is to be known.
#[derive(Debug)]
pub struct PersonWish<'a> {
    pub username: &'a Username,
    pub email: &'a str,
    pub display_name: &'a str,
    pub password: &'a str,
    pub staff: bool,
    pub admin: bool,
    pub profiles: &'a [ProfileName],
    /// Who makes them known, for the record.
    pub actor: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    #[error("`{0}` is known already")]
    Taken(Username),
    #[error("the password could not be hashed")]
    Hash,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

pub async fn add_person(portcullis: &Portcullis, wish: &PersonWish<'_>) -> Result<Uuid, NotAdded> {
    let at = portcullis.now();
    let id = portcullis.rng().uuid_at(at)?;
    let password_hash = hash(portcullis, wish.password)?;
    let person = NewPerson {
        id,
        username: wish.username,
        email: wish.email,
        display_name: wish.display_name,
        password_hash: Some(&password_hash),
        staff: wish.staff,
        admin: wish.admin,
        created_at: at,
    };
    let mut transaction = portcullis.store().begin().await.map_err(StoreError::from)?;
    match people::insert(&mut *transaction, &person).await {
        Err(StoreError::Conflict { constraint }) if constraint == "username_is_taken" => {
            return Err(NotAdded::Taken(wish.username.clone()));
        }
        other => other?,
    }
    let mut happened = vec![(EventKind::PersonCreated, wish.username.as_str())];
    for profile in wish.profiles {
        let assignment = Assignment { person_id: id, profile, assigned_by: wish.actor, assigned_at: at };
        assignments::insert(&mut *transaction, portcullis.rng().uuid_at(at)?, &assignment).await?;
        happened.push((EventKind::ProfileAssigned, profile.as_str()));
    }
    for (kind, subject) in happened {
        let event = Event {
            id: portcullis.rng().uuid_at(at)?,
            at,
            kind,
            actor: wish.actor.to_owned(),
            person_id: Some(id),
            subject: subject.to_owned(),
            detail: json!({ "person": wish.username.as_str(), "staff": wish.staff, "admin": wish.admin }),
        };
        events::insert(&mut *transaction, &event).await?;
    }
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(id)
}

/// Argon2id with the crate's parameters, which are those that OWASP recommends (19 MiB, 2 passes, 1 lane).
fn hash(portcullis: &Portcullis, password: &str) -> Result<String, NotAdded> {
    let salt: [u8; 16] = portcullis.rng().bytes()?;
    let hash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| NotAdded::Hash)?;
    Ok(hash.to_string())
}
