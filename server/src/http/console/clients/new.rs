//! Makes a client known by an administrator's word.

use crate::flow::Failure;
use crate::flow::manage_clients::{NotManaged, add};
use crate::http::console::frame::shell;
use crate::http::console::sentence;
use crate::http::extract::form::Form;
use crate::http::extract::operator::{FreshAdministrator, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::client::{Client, ClientName, Match, Redirects, shown_name};
use crate::model::redirect::RedirectUri;
use app::client_new::{ClientNewModel, ClientNewPage};
use app::parts::Section;
use app::person_new::Typed;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

#[derive(Default, Deserialize)]
pub(in crate::http) struct Fields {
    id: String,
    name: String,
    redirect_uris: String,
}

#[derive(Default)]
struct Problems {
    id: Option<String>,
    name: Option<String>,
    redirect_uris: Option<String>,
}

impl Problems {
    fn are_none(&self) -> bool {
        self.id.is_none() && self.name.is_none() && self.redirect_uris.is_none()
    }
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
) -> Response {
    form(&site, &operator, StatusCode::OK, Fields::default(), Problems::default()).await
}

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Form(fields): Form<Fields>,
) -> Response {
    match register(&site, &operator, &fields).await {
        Ok(Ok(client)) => operator.done(
            &site,
            format!("{} is registered.", client.name),
            &format!("/clients/{}", client.id),
        ),
        Ok(Err(problems)) => form(&site, &operator, StatusCode::UNPROCESSABLE_ENTITY, fields, problems).await,
        Err(failure) => problem::failed(&failure),
    }
}

async fn register(
    site: &Site,
    operator: &Operator,
    fields: &Fields,
) -> Result<Result<Client, Problems>, Failure> {
    let mut problems = Problems::default();
    let told = |error: &dyn std::fmt::Display| Some(sentence(&error.to_string()));
    let id = fields.id.trim().parse::<ClientName>().map_err(|error| problems.id = told(&error)).ok();
    let name = shown_name(&fields.name);
    if name.is_empty() {
        problems.name = Some("A client needs a name that people can read.".to_owned());
    }
    let mut registered: Vec<RedirectUri> = Vec::new();
    for line in fields.redirect_uris.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.parse() {
            Ok(uri) => registered.push(uri),
            Err(error) => problems.redirect_uris = told(&error),
        }
    }
    if registered.is_empty() && problems.redirect_uris.is_none() {
        problems.redirect_uris = Some("A client needs an address for its answers.".to_owned());
    }
    let (Some(id), true) = (id, problems.are_none()) else { return Ok(Err(problems)) };
    let redirects = Redirects { registered, by: Match::Exact };
    match add(&site.portcullis, &id, &name, redirects, operator.name()).await {
        Ok(client) => Ok(Ok(client)),
        Err(NotManaged::Store(error)) => Err(error.into()),
        Err(NotManaged::NoEntropy(error)) => Err(error.into()),
        Err(open @ NotManaged::InTheOpen(_)) => {
            Ok(Err(Problems { redirect_uris: told(&open), ..Problems::default() }))
        }
        Err(taken) => Ok(Err(Problems { id: told(&taken), ..Problems::default() })),
    }
}

async fn form(
    site: &Site,
    operator: &Operator,
    status: StatusCode,
    fields: Fields,
    problems: Problems,
) -> Response {
    let shell = match shell(site, operator, Section::Clients).await {
        Ok(shell) => shell,
        Err(failure) => return problem::failed(&failure),
    };
    let model = ClientNewModel {
        shell,
        id: Typed { value: fields.id, problem: problems.id },
        name: Typed { value: fields.name, problem: problems.name },
        redirect_uris: Typed { value: fields.redirect_uris, problem: problems.redirect_uris },
    };
    page(status, "Register a client", || ClientNewPage(model))
}
