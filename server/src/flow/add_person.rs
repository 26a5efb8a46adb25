//! Makes a person known, with a password and profiles.

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::event::EventKind;
use crate::model::password::{NewPassword, UnfitPassword};
use crate::model::person::{Person, Username};
use crate::model::profile::ProfileName;
use crate::store::assignments::Assignment;
use crate::store::people::NewPerson;
use crate::store::{StoreError, assignments, people};
use serde_json::json;
use sqlx::PgConnection;
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
    #[error("`{0}` is no e-mail address")]
    BadEmail(String),
    #[error("a name has 1 to 100 characters")]
    BadName,
    #[error(transparent)]
    Unfit(#[from] UnfitPassword),
    #[error("there is no profile `{0}` in the configuration")]
    NoSuchProfile(ProfileName),
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
    let id = insert(portcullis, &mut transaction, wish, &hash).await?;
    happened::commit(transaction).await?;
    Ok(Person {
        id,
        username: wish.username.clone(),
        email: wish.email.to_lowercase(),
        display_name: wish.display_name.to_owned(),
        active: true,
        staff: wish.staff,
        admin: wish.admin,
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

/// Adds the person within the caller's transaction.
pub(super) async fn insert(
    portcullis: &Portcullis,
    store: &mut PgConnection,
    wish: &PersonWish<'_>,
    password_hash: &str,
) -> Result<Uuid, NotAdded> {
    let at = portcullis.now();
    let id = portcullis.rng().uuid_at(at).map_err(Failure::from)?;
    let email = wish.email.to_lowercase();
    let person = NewPerson {
        id,
        username: wish.username,
        email: &email,
        display_name: wish.display_name,
        password_hash: Some(password_hash),
        staff: wish.staff,
        admin: wish.admin,
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
    let mut happened = vec![(EventKind::PersonCreated, wish.username.as_str())];
    for profile in wish.profiles {
        if portcullis.profile(profile).is_none() {
            return Err(NotAdded::NoSuchProfile(profile.clone()));
        }
        let assignment = Assignment { person_id: id, profile, assigned_by: wish.actor, assigned_at: at };
        let assignment_id = portcullis.rng().uuid_at(at).map_err(Failure::from)?;
        assignments::insert(&mut *store, assignment_id, &assignment).await?;
        happened.push((EventKind::ProfileAssigned, profile.as_str()));
    }
    for (kind, subject) in happened {
        let detail = json!({ "person": wish.username.as_str(), "staff": wish.staff, "admin": wish.admin });
        let event =
            Happened { kind, actor: wish.actor, person_id: Some(id), subject: subject.to_owned(), detail };
        happened::record(portcullis, &mut *store, at, event).await?;
    }
    Ok(id)
}
