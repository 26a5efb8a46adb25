//! What is done about people. Each act leads back to the person's page, which says what came of it.

use super::one::{shown, whom};
use crate::flow::assign_profile::NotAssigned;
use crate::flow::change_password::{judge, set_password};
use crate::flow::manage_person::{self, Change, NotChanged};
use crate::flow::revoke_token::revoke_token_of;
use crate::flow::{Failure, pause, sessions};
use crate::http::console::sentence;
use crate::http::extract::form::{Form, Nothing};
use crate::http::extract::operator::{Administrator, FreshAdministrator, Operator};
use crate::http::problem;
use crate::http::router::Site;
use crate::model::attribute::AttributeChange;
use crate::model::pause::Scope;
use crate::model::person::{Person, Powers};
use crate::model::profile::ProfileName;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

/// Why nothing was done.
pub(in crate::http) enum NotDone {
    /// It may not be; the page says why.
    Refused(String),
    Failure(Failure),
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<NotChanged> for NotDone {
    fn from(not_changed: NotChanged) -> Self {
        match not_changed {
            NotChanged::Failure(failure) => Self::Failure(failure),
            NotChanged::LastAdmin(_) | NotChanged::TooManyAttributes(_) => {
                Self::Refused(not_changed.to_string())
            }
        }
    }
}

impl From<NotAssigned> for NotDone {
    fn from(not_assigned: NotAssigned) -> Self {
        match not_assigned {
            NotAssigned::Failure(failure) => Self::Failure(failure),
            NotAssigned::NoSuchProfile(_) => Self::Refused(not_assigned.to_string()),
        }
    }
}

/// Somebody of whom an administrator asks something, and the page that it leads back to.
struct Deed<'a> {
    site: &'a Site,
    operator: &'a Operator,
    person: Person,
}

impl<'a> Deed<'a> {
    async fn about(site: &'a Site, operator: &'a Operator, username: &str) -> Result<Self, Response> {
        Ok(Self { site, operator, person: whom(site, username).await? })
    }

    fn told(self, result: Result<Change, NotDone>, done: &str) -> Response {
        let Self { site, operator, person } = self;
        let back = format!("/people/{}", person.username);
        match result {
            Ok(Change::Made) => operator.done(site, format!("{}: {done}", person.display_name), &back),
            Ok(Change::NotNeeded) => operator.done(site, "Nothing had to change: it was so before.", &back),
            Err(NotDone::Refused(why)) => operator.not_done(site, sentence(&why), &back),
            Err(NotDone::Failure(failure)) => problem::failed(&failure),
        }
    }
}

/// Begins a deed, or gives the page that there is instead.
macro_rules! deed {
    ($site:expr, $operator:expr, $username:expr) => {
        match Deed::about(&$site, &$operator, &$username).await {
            Ok(deed) => deed,
            Err(response) => return response,
        }
    };
}

pub(in crate::http) async fn deactivate(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(username): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = manage_person::deactivate(&site.portcullis, &deed.person, operator.name()).await;
    deed.told(result.map_err(Into::into), "locked out, and every session and token has ended.")
}

pub(in crate::http) async fn activate(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Path(username): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = manage_person::activate(&site.portcullis, &deed.person, operator.name()).await;
    deed.told(result.map_err(Into::into), "may sign in again.")
}

#[derive(Deserialize)]
pub(in crate::http) struct PowersFields {
    staff: Option<String>,
    auditor: Option<String>,
    admin: Option<String>,
}

pub(in crate::http) async fn powers(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Path(username): Path<String>,
    Form(fields): Form<PowersFields>,
) -> Response {
    let deed = deed!(site, operator, username);
    let powers = Powers {
        staff: fields.staff.is_some(),
        auditor: fields.auditor.is_some(),
        admin: fields.admin.is_some(),
    };
    let result = manage_person::set_powers(&site.portcullis, &deed.person, powers, operator.name()).await;
    let words = match powers.words() {
        words if words.is_empty() => "a person without powers".to_owned(),
        words => words.join(", "),
    };
    deed.told(result.map_err(Into::into), &format!("{words} from now on."))
}

#[derive(Deserialize)]
pub(in crate::http) struct AttributeFields {
    name: String,
    value: String,
}

pub(in crate::http) async fn set_attribute(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Path(username): Path<String>,
    Form(AttributeFields { name, value }): Form<AttributeFields>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = match AttributeChange::new(name.trim(), &value) {
        Err(error) => Err(NotDone::Refused(error.to_string())),
        Ok(change) => {
            let changes = [change];
            let set =
                manage_person::set_attributes(&site.portcullis, &deed.person, &changes, operator.name());
            set.await.map_err(Into::into)
        }
    };
    deed.told(result, "views know it from the next call on.")
}

#[derive(Deserialize)]
pub(in crate::http) struct ProfileField {
    profile: String,
}

pub(in crate::http) async fn assign(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Path(username): Path<String>,
    Form(ProfileField { profile }): Form<ProfileField>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = match profile.parse::<ProfileName>() {
        Err(_) if profile.is_empty() => Err(NotDone::Refused("choose a profile first".to_owned())),
        Err(error) => Err(NotDone::Refused(error.to_string())),
        Ok(profile) => {
            let granted =
                manage_person::grant(&site.portcullis, &deed.person, &profile, operator.name()).await;
            granted.map_err(Into::into)
        }
    };
    deed.told(result, &format!("holds the profile {profile} now."))
}

pub(in crate::http) async fn withdraw(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(username): Path<String>,
    Form(ProfileField { profile }): Form<ProfileField>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = match profile.parse::<ProfileName>() {
        Err(error) => Err(NotDone::Refused(error.to_string())),
        Ok(profile) => {
            let taken =
                manage_person::withdraw(&site.portcullis, &deed.person, &profile, operator.name()).await;
            taken.map_err(Into::into)
        }
    };
    deed.told(result, &format!("does not hold the profile {profile} any more."))
}

pub(in crate::http) async fn reset_factor(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Path(username): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = manage_person::reset_factor(&site.portcullis, &deed.person, operator.name()).await;
    deed.told(result.map_err(Into::into), "has no second factor, and enrols one at the next sign-in.")
}

#[derive(Deserialize)]
pub(in crate::http) struct PasswordField {
    password: String,
}

pub(in crate::http) async fn password(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Path(username): Path<String>,
    Form(PasswordField { password }): Form<PasswordField>,
) -> Response {
    let deed = deed!(site, operator, username);
    let password = match judge(&deed.person, &password) {
        Ok(password) => password,
        Err(unfit) => {
            let problem = Some(sentence(&unfit.to_string()));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return shown(&site, &operator, &deed.person, status, problem).await;
        }
    };
    let result = set_password(&site.portcullis, &deed.person, &password, operator.name()).await;
    deed.told(
        result.map(|()| Change::Made).map_err(Into::into),
        "has the new password, and every session ended.",
    )
}

#[derive(Deserialize)]
pub(in crate::http) struct Row {
    id: Uuid,
}

pub(in crate::http) async fn end_session(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(username): Path<String>,
    Form(Row { id }): Form<Row>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = sessions::end(&site.portcullis, &deed.person, id, operator.name()).await;
    deed.told(result.map(made).map_err(Into::into), "that session has ended.")
}

pub(in crate::http) async fn revoke_token(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(username): Path<String>,
    Form(Row { id }): Form<Row>,
) -> Response {
    let deed = deed!(site, operator, username);
    let result = revoke_token_of(&site.portcullis, &deed.person, id, operator.name()).await;
    deed.told(result.map(made).map_err(Into::into), "that access is revoked.")
}

fn made(was_there: bool) -> Change {
    if was_there { Change::Made } else { Change::NotNeeded }
}

pub(in crate::http) async fn hold(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(username): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let deed = deed!(site, operator, username);
    let scope = Scope::Person(deed.person.id);
    let result = pause::pause(&site.portcullis, scope, &username, operator.name()).await;
    deed.told(result.map_err(Into::into), "paused: nothing reads on their behalf.")
}

pub(in crate::http) async fn resume(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(username): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let deed = deed!(site, operator, username);
    let scope = Scope::Person(deed.person.id);
    let result = pause::resume(&site.portcullis, &scope, operator.name()).await;
    deed.told(result.map_err(Into::into), "agents may read on their behalf again.")
}
