//! Pages for people.

pub(super) mod account;
pub(super) mod again;
pub(super) mod alerts;
pub(super) mod audit;
pub(super) mod clients;
pub(super) mod enrol;
pub(super) mod factor;
pub(super) mod frame;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod set_up;
pub(super) mod sign_in;
pub(super) mod sign_out;
pub(super) mod surface;
mod too_fast;
pub(super) mod try_sql;
pub(super) mod usage;
mod user_agent;

use crate::model::local_path::LocalPath;
use crate::model::session::Session;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Deserializer};

/// Where somebody lands who wanted to go nowhere in particular.
const HOME: &str = "/account";

/// Where somebody wanted to go, as an address or a form tells. What is no place of ours is as good as nothing.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default, deserialize_with = "local")]
    pub(super) next: Option<LocalPath>,
}

pub(in crate::http) fn local<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LocalPath>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|next| next.parse().ok()))
}

/// On to where the person wanted to go.
fn onward(next: Option<&LocalPath>) -> Response {
    Redirect::to(next.map_or(HOME, LocalPath::as_str)).into_response()
}

/// The page of the step that a session is at: nobody comes to a later one before, or back to an earlier one.
fn step(session: Option<&Session>) -> Response {
    match session {
        None => Redirect::to("/sign-in").into_response(),
        Some(session) if session.is_signed_in() => onward(session.next.as_ref()),
        Some(_) => Redirect::to("/sign-in/code").into_response(),
    }
}

/// A message of ours as a sentence: a capital letter first, a full stop last.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(['.']).collect()
}
