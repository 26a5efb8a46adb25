//! Proves on the live system that what must hold does hold: each profile enters its role under its guards, writes nothing,
//! cannot read the record; and for a person, that a call is answered, a bad one refused, and both recorded.

use crate::flow::authenticate::{Principal, authenticate};
use crate::flow::issue_token::{Issued, TokenWish, issue_token};
use crate::flow::revoke_token::revoke_token;
use crate::flow::run_query::{Query, Verdict, run_query};
use crate::flow::{Portcullis, Profile, try_sql};
use crate::model::caller::Caller;
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use crate::store::{assignments, outcomes, people};
use crate::warehouse::{self, Attempted, Setting, Trial};
use std::fmt::Display;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What no profile may ever read.
const FORBIDDEN: &str = "select rolname, rolpassword from pg_catalog.pg_authid";
/// How long the token lives with which a person's call is tried; it is revoked at the end.
const LIFE: Duration = Duration::from_mins(1);

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// `profiles.support`
    pub place: String,
    pub holds: bool,
    pub message: String,
}

/// In whose name a call is made, and which.
#[derive(Debug)]
pub struct Call<'a> {
    pub person: &'a Username,
    /// Every profile that they hold, where none is named.
    pub profile: Option<&'a ProfileName>,
    pub sql: &'a str,
    pub actor: &'a str,
}

/// Tries every profile.
pub async fn smoke(portcullis: &Portcullis) -> Vec<Proof> {
    let mut proofs = Vec::new();
    for profile in portcullis.profiles() {
        let mut place = Place { name: format!("profiles.{}", profile.name), proofs: Vec::new() };
        place.of_the_warehouse(portcullis, profile).await;
        place.of_the_gate(portcullis, profile).await;
        proofs.extend(place.proofs);
    }
    proofs
}

/// Makes a call and a bad call in a person's name, through every gate, and looks for both in the record.
pub async fn smoke_as(portcullis: &Portcullis, call: &Call<'_>) -> Vec<Proof> {
    let mut place = Place { name: format!("people.{}", call.person), proofs: Vec::new() };
    let profiles = match call.profile {
        Some(profile) => vec![profile.clone()],
        None => held(portcullis, call.person).await,
    };
    if profiles.is_empty() {
        place.red(format_args!("`{}` is not known, or holds no profile", call.person));
    }
    for profile in profiles {
        place.name = format!("people.{}.{profile}", call.person);
        place.of_a_call(portcullis, call, &profile).await;
    }
    place.proofs
}

async fn held(portcullis: &Portcullis, person: &Username) -> Vec<ProfileName> {
    let Ok(Some(person)) = people::by_username(portcullis.store(), person).await else { return Vec::new() };
    let held = assignments::of_person(portcullis.store(), person.id).await.unwrap_or_default();
    held.iter().filter_map(|profile| profile.parse().ok()).collect()
}

struct Place {
    name: String,
    proofs: Vec<Proof>,
}

impl Place {
    fn say(&mut self, holds: bool, message: impl Display) {
        self.proofs.push(Proof { place: self.name.clone(), holds, message: message.to_string() });
    }

    fn red(&mut self, message: impl Display) {
        self.say(false, message);
    }

    async fn of_the_warehouse(&mut self, portcullis: &Portcullis, profile: &Profile) {
        let roles = profile.gateway.roles();
        let Trial { role, login, settings, write, record } =
            match warehouse::trial(&profile.gateway, &profile.declared).await {
                Ok(trial) => trial,
                Err(fault) => return self.red(format_args!("`{}` is not entered: {fault:#}", roles.role)),
            };
        let entered = role == roles.role && login == roles.login;
        self.say(entered, format_args!("`{login}` entered `{role}`"));
        let wrong: Vec<String> = settings
            .iter()
            .filter(|setting| setting.wanted != setting.found)
            .map(|Setting { name, wanted, found }| format!("{name} is `{found}`, not `{wanted}`"))
            .collect();
        if wrong.is_empty() {
            let told: Vec<String> =
                settings.iter().map(|Setting { name, found, .. }| format!("{name} = {found}")).collect();
            self.say(true, format_args!("guards are in force: {}", told.join(", ")));
        } else {
            self.red(format_args!("guards are not in force: {}", wrong.join("; ")));
        }
        match write {
            Attempted::Refused(code) => self.say(true, format_args!("a write is refused: SQLSTATE {code}")),
            Attempted::Done => self.red("a write is not refused"),
        }
        let elsewhere =
            warehouse::read_the_store(&profile.gateway, &portcullis.store().connect_options()).await;
        match (record, elsewhere) {
            (Attempted::Done, _) | (_, Some(Attempted::Done)) => self.red("the record can be read"),
            (Attempted::Refused(code), None) => {
                self.say(true, format_args!("the record is on another server; here: SQLSTATE {code}"));
            }
            (Attempted::Refused(_), Some(Attempted::Refused(why))) => {
                self.say(true, format_args!("the record cannot be read: {why}"));
            }
        }
    }

    async fn of_the_gate(&mut self, portcullis: &Portcullis, profile: &Profile) {
        match try_sql::judge(portcullis, &profile.name, FORBIDDEN.to_owned()).await {
            Ok(Err(refusal)) => {
                self.say(true, format_args!("the gate refuses the catalogue: {}", refusal.reason.code()));
            }
            Ok(Ok(_)) => self.red(format_args!("the gate admits `{FORBIDDEN}`")),
            Err(error) => self.red(format_args!("the gate cannot judge: {error}")),
        }
    }

    async fn of_a_call(&mut self, portcullis: &Portcullis, call: &Call<'_>, profile: &ProfileName) {
        let since = portcullis.now();
        let wish = TokenWish { person: call.person, profile, ttl: LIFE, actor: call.actor };
        let Issued { id, bearer, .. } = match issue_token(portcullis, &wish).await {
            Ok(issued) => issued,
            Err(error) => return self.red(error),
        };
        let caller = Caller { request_id: id, ip: None, user_agent: Some("portcullis smoke".to_owned()) };
        match authenticate(portcullis, caller.clone(), bearer.reveal()).await {
            Ok(principal) => {
                let answered = self.asks(portcullis, &principal, call.sql).await;
                self.asks_for_too_much(portcullis, &principal).await;
                let wanted = [if answered { "allowed" } else { "" }, "refused"];
                self.is_recorded(outcomes::of_token(portcullis.store(), id, since).await, wanted);
            }
            Err(error) => self.red(format_args!("the token is turned away: {error}")),
        }
        match revoke_token(portcullis, &id.to_string(), call.actor).await {
            Ok(_) => {
                let again = authenticate(portcullis, caller, bearer.reveal()).await;
                self.say(again.is_err(), "a revoked token is turned away at the next request");
            }
            Err(error) => self.red(format_args!("the token {id} is not revoked: {error}")),
        }
    }

    async fn asks(&mut self, portcullis: &Portcullis, principal: &Principal, sql: &str) -> bool {
        let query = Query { sql: sql.to_owned(), limit: None };
        let reply = run_query(portcullis, principal, query, &CancellationToken::new()).await;
        match reply.map(|reply| reply.into_inner().verdict) {
            Ok(Verdict::Answered(answer)) => {
                self.say(true, format_args!("the statement is answered with {} row(s)", answer.row_count));
                return true;
            }
            Ok(Verdict::Refused(refusal)) => self.red(format_args!("the statement is refused: {refusal}")),
            Ok(Verdict::Failed(fault)) => self.red(format_args!("the statement fails: {fault:#}")),
            Err(error) => self.red(format_args!("it is not answered: {error}")),
        }
        false
    }

    async fn asks_for_too_much(&mut self, portcullis: &Portcullis, principal: &Principal) {
        let query = Query { sql: FORBIDDEN.to_owned(), limit: None };
        let reply = run_query(portcullis, principal, query, &CancellationToken::new()).await;
        match reply.map(|reply| reply.into_inner().verdict) {
            Ok(Verdict::Refused(refusal)) => {
                self.say(true, format_args!("too much is refused: {}", refusal.reason.code()));
            }
            Ok(_) => self.red(format_args!("`{FORBIDDEN}` is not refused")),
            Err(error) => self.red(error),
        }
    }

    fn is_recorded(
        &mut self,
        recorded: Result<Vec<outcomes::Call>, crate::store::StoreError>,
        wanted: [&str; 2],
    ) {
        let recorded = match recorded {
            Ok(recorded) => recorded,
            Err(error) => return self.red(format_args!("the record cannot be looked at: {error}")),
        };
        let decisions: Vec<&str> =
            recorded.iter().map(|call| call.decision.as_deref().unwrap_or("no outcome")).collect();
        let all_are_there = decisions.len() == wanted.len()
            && decisions.iter().zip(wanted).all(|(found, wanted)| wanted.is_empty() || *found == wanted);
        self.say(all_are_there, format_args!("on record with their outcomes: {}", decisions.join(", ")));
    }
}
