//! Makes a person known, with a password and profiles.

use crate::flow::alert::Raised;
use crate::flow::assign_profile::{Assigning, NotAssigned, assign};
use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::event::EventKind;
use crate::model::password::{NewPassword, UnfitPassword};
use crate::model::person::{Person, Powers, Username};
use crate::model::profile::ProfileName;
use crate::model::zone::Zone;
use crate::store::Transaction;
use crate::store::people::NewPerson;
use crate::store::{StoreError, people};
use serde_json::json;
use uuid::Uuid;

/// Who is to be known.
#[derive(Debug)]
pub struct PersonWish<'a> {
    pub username: &'a Username,
    pub email: &'a str,
    pub display_name: &'a str,
    pub password: &'a str,
    pub powers: Powers,
    pub profiles: &'a [ProfileName],
    /// Who makes them known, for the record.
    pub actor: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    #[error("`{0}` is known already")]
    Taken(Username),
    #[error("`{0}` is no e-mail address")]
    BadEmail(String),
    #[error("a name has 1 to 100 characters")]
    BadName,
    #[error(transparent)]
    Unfit(#[from] UnfitPassword),
    #[error(transparent)]
    NotAssigned(#[from] NotAssigned),
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for NotAdded {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

pub async fn add_person(portcullis: &Portcullis, wish: &PersonWish<'_>) -> Result<Person, NotAdded> {
    let hash = wish.hashed(portcullis).await?;
    let mut transaction = happened::begin(portcullis).await?;
    let (id, raised) = insert(portcullis, &mut transaction, wish, &hash).await?;
    happened::commit(transaction).await?;
    raised.into_iter().for_each(Raised::tell);
    Ok(Person {
        id,
        username: wish.username.clone(),
        email: wish.email.to_lowercase(),
        display_name: wish.display_name.to_owned(),
        active: true,
        powers: wish.powers,
        zone: Zone::utc(),
    })
}

impl PersonWish<'_> {
    /// The password's hash, once it was found fit.
    pub(super) async fn hashed(&self, portcullis: &Portcullis) -> Result<String, NotAdded> {
        let fits = (1..=100).contains(&self.display_name.chars().count());
        if !fits || self.display_name.chars().any(char::is_control) {
            return Err(NotAdded::BadName);
        }
        if self.email.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(NotAdded::BadEmail(self.email.to_owned()));
        }
        let password =
            NewPassword::judge(self.password, &[self.username.as_str(), self.email, self.display_name])?;
        Ok(portcullis.passwords().hash(portcullis.rng(), password.reveal()).await.map_err(Failure::from)?)
    }
}

/// Adds the person within the caller's transaction, and gives the alerts that are to be told once it has ended well.
pub(super) async fn insert(
    portcullis: &Portcullis,
    store: &mut Transaction,
    wish: &PersonWish<'_>,
    password_hash: &str,
) -> Result<(Uuid, Vec<Raised>), NotAdded> {
    let at = portcullis.now();
    let id = portcullis.rng().uuid_at(at).map_err(Failure::from)?;
    let email = wish.email.to_lowercase();
    let person = NewPerson {
        id,
        username: wish.username,
        email: &email,
        display_name: wish.display_name,
        password_hash: Some(password_hash),
        powers: wish.powers,
        created_at: at,
    };
    match people::insert(&mut *store, &person).await {
        Err(StoreError::Conflict { constraint }) if constraint == "username_is_taken" => {
            return Err(NotAdded::Taken(wish.username.clone()));
        }
        Err(StoreError::Conflict { constraint }) if constraint == "email_is_lower_case" => {
            return Err(NotAdded::BadEmail(wish.email.to_owned()));
        }
        other => other?,
    }
    let event = Happened {
        kind: EventKind::PersonCreated,
        actor: wish.actor,
        person_id: Some(id),
        subject: wish.username.to_string(),
        detail: json!({ "person": wish.username.as_str(), "powers": wish.powers.words() }),
    };
    happened::record(portcullis, &mut *store, at, event).await?;
    let mut raised = Vec::new();
    for profile in wish.profiles {
        let (person, actor) = (wish.username, wish.actor);
        let assigning = Assigning { person_id: id, person, profile, actor, at };
        raised.extend(assign(portcullis, &mut *store, assigning).await?.into_iter().flatten());
    }
    Ok((id, raised))
}
