//! Makes somebody known.

use crate::flow::add_person::{NotAdded, PersonWish, add_person};
use crate::http::console::frame::shell;
use crate::http::console::sentence;
use crate::http::extract::form::Form;
use crate::http::extract::operator::{FreshAdministrator, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::person::{Powers, Username};
use crate::model::profile::ProfileName;
use app::parts::Section;
use app::person_new::{PersonNewModel, PersonNewPage, Typed};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// What was typed and ticked.
#[derive(Default, Deserialize)]
pub(in crate::http) struct Fields {
    username: String,
    display_name: String,
    email: String,
    password: String,
    staff: Option<String>,
    auditor: Option<String>,
    admin: Option<String>,
    #[serde(default)]
    profiles: Vec<String>,
}

/// What is wrong with it.
#[derive(Default)]
struct Problems {
    username: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    whole: Option<String>,
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
) -> Response {
    let fields = Fields { staff: Some(String::new()), ..Fields::default() };
    form(&site, &operator, StatusCode::OK, fields, Problems::default()).await
}

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Form(fields): Form<Fields>,
) -> Response {
    let problems = match add(&site, &operator, &fields).await {
        Ok(username) => {
            let what = format!(
                "{username} is known now. Hand over the password; the first sign-in asks for the rest."
            );
            return operator.done(&site, what, &format!("/people/{username}"));
        }
        Err(NotDone::Failure(failure)) => return problem::failed(&failure),
        Err(NotDone::Problems(problems)) => problems,
    };
    form(&site, &operator, StatusCode::UNPROCESSABLE_ENTITY, fields, *problems).await
}

enum NotDone {
    Problems(Box<Problems>),
    Failure(crate::flow::Failure),
}

async fn add(site: &Site, operator: &Operator, fields: &Fields) -> Result<Username, NotDone> {
    let faulty = |problems| NotDone::Problems(Box::new(problems));
    let username: Username = fields
        .username
        .trim()
        .parse()
        .map_err(|error| faulty(Problems { username: Some(told(&error)), ..Problems::default() }))?;
    let profiles: Result<Vec<ProfileName>, _> = fields.profiles.iter().map(|name| name.parse()).collect();
    let profiles =
        profiles.map_err(|error| faulty(Problems { whole: Some(told(&error)), ..Problems::default() }))?;
    let wish = PersonWish {
        username: &username,
        email: fields.email.trim(),
        display_name: fields.display_name.trim(),
        password: &fields.password,
        powers: fields.powers(),
        profiles: &profiles,
        actor: operator.name(),
    };
    match add_person(&site.portcullis, &wish).await {
        Ok(_) => Ok(username),
        Err(NotAdded::Failure(failure)) => Err(NotDone::Failure(failure)),
        Err(not_added) => Err(faulty(problems(&not_added))),
    }
}

fn told(error: &dyn std::fmt::Display) -> String {
    sentence(&error.to_string())
}

fn problems(not_added: &NotAdded) -> Problems {
    let (problem, none) = (Some(told(not_added)), Problems::default());
    match not_added {
        NotAdded::Taken(_) => Problems { username: problem, ..none },
        NotAdded::BadEmail(_) => Problems { email: problem, ..none },
        NotAdded::BadName => Problems { display_name: problem, ..none },
        NotAdded::Unfit(_) => Problems { password: problem, ..none },
        NotAdded::NotAssigned(_) | NotAdded::Failure(_) => Problems { whole: problem, ..none },
    }
}

impl Fields {
    fn powers(&self) -> Powers {
        Powers { staff: self.staff.is_some(), auditor: self.auditor.is_some(), admin: self.admin.is_some() }
    }
}

async fn form(
    site: &Site,
    operator: &Operator,
    status: StatusCode,
    fields: Fields,
    problems: Problems,
) -> Response {
    let shell = match shell(site, operator, Section::People).await {
        Ok(shell) => shell,
        Err(failure) => return problem::failed(&failure),
    };
    let powers = fields.powers();
    let profile = |name: String| {
        let is_ticked = fields.profiles.contains(&name);
        (name, is_ticked)
    };
    let model = PersonNewModel {
        shell,
        username: Typed { value: fields.username, problem: problems.username },
        email: Typed { value: fields.email, problem: problems.email },
        display_name: Typed { value: fields.display_name, problem: problems.display_name },
        password_problem: problems.password,
        powers: app::people::Powers { staff: powers.staff, auditor: powers.auditor, admin: powers.admin },
        profiles: site.portcullis.profiles().map(|known| profile(known.name.to_string())).collect(),
        problem: problems.whole,
    };
    page(status, "New person", || PersonNewPage(model))
}
