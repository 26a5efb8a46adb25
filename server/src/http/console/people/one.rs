//! One person, with everything that can be done about them.

use super::standing;
use crate::flow::people::{Likeness, find, likeness};
use crate::flow::review_calls::latest_of;
use crate::flow::{Failure, pause};
use crate::http::console::audit::call_row;
use crate::http::console::frame::{Teller, address, held, shell};
use crate::http::console::user_agent::browser;
use crate::http::extract::operator::{Administrator, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::pause::Scope;
use crate::model::person::Person;
use crate::model::session::SessionLine;
use app::parts::Section;
use app::person::{Agent, Factor, PersonModel, PersonPage, PersonSession};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

/// Calls that the page shows.
const CALLS: usize = 5;

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(username): Path<String>,
) -> Response {
    match whom(&site, &username).await {
        Ok(person) => shown(&site, &operator, &person, StatusCode::OK, None).await,
        Err(response) => response,
    }
}

/// The person of this name; for a name that nobody has there is no page.
pub(super) async fn whom(site: &Site, username: &str) -> Result<Person, Response> {
    let Ok(username) = username.parse() else { return Err(problem::no_page()) };
    match find(&site.portcullis, &username).await {
        Ok(Some(person)) => Ok(person),
        Ok(None) => Err(problem::no_page()),
        Err(failure) => Err(problem::failed(&failure)),
    }
}

/// The page of a person, and what is wrong with the password that was just to be set.
pub(super) async fn shown(
    site: &Site,
    operator: &Operator,
    person: &Person,
    status: StatusCode,
    password_problem: Option<String>,
) -> Response {
    match model(site, operator, person).await {
        Ok(model) => {
            let model = PersonModel { password_problem, ..model };
            page(status, &person.display_name, || PersonPage(model))
        }
        Err(failure) => problem::failed(&failure),
    }
}

async fn model(site: &Site, operator: &Operator, person: &Person) -> Result<PersonModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let Likeness { since, profiles, attributes, codes_left, sessions, tokens } =
        likeness(portcullis, person).await?;
    let paused = pause::of(portcullis, &Scope::Person(person.id)).await?;
    let calls = latest_of(portcullis, person.id, CALLS).await?;
    let enrolled_at = since.as_ref().and_then(|since| since.enrolled_at);
    let known_at = since.map_or_else(|| portcullis.now(), |since| since.created_at);
    let assignable = portcullis.profiles().map(|profile| profile.name.to_string());
    let assignable = assignable.filter(|name| !profiles.contains(name)).collect();
    let called_at = calls.first().map(|call| call.at);
    let seen_at = sessions.iter().map(|session| session.seen_at).chain(called_at).max();
    let agents = tokens.into_iter().map(|token| Agent {
        id: token.id.to_string(),
        client: token.client,
        client_href: format!("/clients/{}", token.client_id),
        profile: token.profile,
        issued: teller.moment(token.issued_at),
        expires: teller.moment(token.expires_at),
        called: token.called_at.map(|at| teller.moment(at)),
    });
    Ok(PersonModel {
        shell: shell(site, operator, Section::People).await?,
        username: person.username.to_string(),
        display_name: person.display_name.clone(),
        email: person.email.clone(),
        standing: standing(person, enrolled_at.is_some(), paused.is_some()),
        created: teller.moment(known_at),
        seen: seen_at.map(|at| teller.moment(at)),
        assignable,
        profiles,
        attributes: attributes.0.into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
        factor: match enrolled_at {
            Some(at) => {
                let codes_left = u64::try_from(codes_left).unwrap_or(0);
                Factor::Enrolled { since: teller.moment(at), codes_left }
            }
            None => Factor::Missing,
        },
        password_problem: None,
        sessions: sessions.iter().map(|line| session(line, teller)).collect(),
        agents: agents.collect(),
        paused: paused.map(|paused| held(&paused, teller)),
        calls: calls.into_iter().map(|line| call_row(line, teller).of_one()).collect(),
    })
}

fn session(line: &SessionLine, teller: Teller<'_>) -> PersonSession {
    PersonSession {
        id: line.id.to_string(),
        browser: browser(line.user_agent.as_deref().unwrap_or_default()),
        address: address(line.ip),
        began: teller.moment(line.signed_in_at),
        seen: teller.moment(line.seen_at),
    }
}
