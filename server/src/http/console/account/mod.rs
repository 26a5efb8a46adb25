//! What a person sees and changes about themselves.

pub(in crate::http) mod calls;

use super::enrol::handed_out;
use super::frame::{Teller, address, shell};
use super::user_agent::browser;
use super::{sentence, too_fast::too_fast, usage};
use crate::flow::change_password::{NotChanged, PasswordChange, change_own_password};
use crate::flow::enrol_factor::{codes_left, renew_codes};
use crate::flow::people::{likeness, set_zone};
use crate::flow::revoke_token::revoke_token_of;
use crate::flow::{Failure, sessions};
use crate::http::extract::form::{Form, Nothing};
use crate::http::extract::operator::{Fresh, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::http::sessions as http_sessions;
use crate::model::caller::Caller;
use crate::model::person::Powers;
use crate::model::session::SessionLine;
use crate::model::zone::Zone;
use app::account::{Account, AccountPage, ChangePassword, ChangePasswordPage, SessionRow, TokenRow};
use app::parts::{Choice, Section};
use app::recovery_codes::{RenewCodes, RenewCodesPage};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

pub(in crate::http) async fn show(State(site): State<Site>, operator: Operator) -> Response {
    match account(&site, &operator).await {
        Ok(shown) => page(StatusCode::OK, "Your account", || AccountPage(shown)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn account(site: &Site, operator: &Operator) -> Result<Account, Failure> {
    let (portcullis, person) = (&site.portcullis, operator.person());
    let likeness = likeness(portcullis, person).await?;
    let teller = Teller::new(portcullis, operator);
    let session = |line: SessionLine| SessionRow {
        is_this: line.id == operator.session_id(),
        id: line.id.to_string(),
        browser: browser(line.user_agent.as_deref().unwrap_or_default()),
        address: address(line.ip),
        seen: teller.moment(line.seen_at),
    };
    let mut sessions: Vec<SessionRow> = likeness.sessions.into_iter().map(session).collect();
    sessions.sort_by_key(|row| !row.is_this);
    let tokens = likeness.tokens.into_iter().map(|line| TokenRow {
        id: line.id.to_string(),
        client: line.client,
        profile: line.profile,
        left_out: line.left_out,
        since: teller.moment(line.issued_at),
        called: line.called_at.map(|at| teller.moment(at)),
        until: teller.moment(line.expires_at),
    });
    let budgets = usage::budgets(portcullis, person, teller).await?;
    let enrolled_at = likeness.since.and_then(|since| since.enrolled_at);
    Ok(Account {
        shell: shell(site, operator, Section::Account).await?,
        display_name: person.display_name.clone(),
        email: person.email.clone(),
        standing: standing(person.powers),
        profiles: likeness.profiles,
        factor: enrolled_at.map(|at| teller.moment(at)),
        codes_left: likeness.codes_left,
        zones: zones(&person.zone),
        zone: person.zone.name().to_owned(),
        sessions,
        tokens: tokens.collect(),
        budgets,
        mcp_url: portcullis.audience().to_owned(),
    })
}

fn standing(powers: Powers) -> String {
    let mut words = Vec::new();
    words.extend(powers.admin.then_some("Administrator"));
    words.extend(powers.auditor.then_some("Auditor"));
    words.push(if powers.staff { "Staff" } else { "Not staff: agents cannot read on your behalf" });
    words.join(" · ")
}

/// Every zone that there is, by name.
fn zones(chosen: &Zone) -> Vec<Choice> {
    let mut names = Zone::all();
    if !names.iter().any(|name| name == chosen.name()) {
        names.push(chosen.name().to_owned());
    }
    names.into_iter().map(|name| Choice { value: name.clone(), label: name }).collect()
}

#[derive(Deserialize)]
pub(in crate::http) struct ZoneField {
    zone: String,
}

pub(in crate::http) async fn submit_zone(
    State(site): State<Site>,
    operator: Operator,
    Form(ZoneField { zone }): Form<ZoneField>,
) -> Response {
    match zone.parse::<Zone>() {
        Err(unknown) => operator.not_done(&site, sentence(&unknown.to_string()), "/account"),
        Ok(zone) => match set_zone(&site.portcullis, operator.person(), &zone).await {
            Ok(()) => operator.done(&site, format!("Moments are shown by the clocks of {zone}."), "/account"),
            Err(failure) => problem::failed(&failure),
        },
    }
}

pub(in crate::http) async fn show_password(State(site): State<Site>, operator: Operator) -> Response {
    change_password(&site, &operator, StatusCode::OK, (None, None)).await
}

async fn change_password(
    site: &Site,
    operator: &Operator,
    status: StatusCode,
    (current_problem, new_problem): (Option<String>, Option<String>),
) -> Response {
    match shell(site, operator, Section::Account).await {
        Ok(shell) => {
            let shown = ChangePassword { shell, current_problem, new_problem };
            page(status, "Change your password", || ChangePasswordPage(shown))
        }
        Err(failure) => problem::failed(&failure),
    }
}

#[derive(Deserialize)]
pub(in crate::http) struct PasswordFields {
    current: String,
    new: String,
}

pub(in crate::http) async fn submit_password(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    operator: Operator,
    Form(fields): Form<PasswordFields>,
) -> Response {
    let change = PasswordChange { current: &fields.current, new: &fields.new };
    let problems = match change_own_password(&site.portcullis, &caller, operator.signed_in(), change).await {
        Ok(()) => {
            return match http_sessions::rotate(operator.session(), &operator.signed_in().session).await {
                Ok(()) => {
                    let what = "The password is changed, and every other session has ended.";
                    operator.done(&site, what, "/account")
                }
                Err(error) => problem::unavailable(&error),
            };
        }
        Err(NotChanged::Wrong) => (Some("This is not your password.".to_owned()), None),
        Err(NotChanged::Unfit(unfit)) => (None, Some(sentence(&unfit.to_string()))),
        Err(NotChanged::TooFast(wait)) => return too_fast(wait),
        Err(NotChanged::Failure(failure)) => return problem::failed(&failure),
    };
    change_password(&site, &operator, StatusCode::UNPROCESSABLE_ENTITY, problems).await
}

pub(in crate::http) async fn show_codes(State(site): State<Site>, Fresh(operator): Fresh) -> Response {
    let shown = async {
        let left = codes_left(&site.portcullis, operator.person()).await?;
        Ok(RenewCodes { shell: shell(&site, &operator, Section::Account).await?, left })
    };
    match shown.await {
        Ok(shown) => page(StatusCode::OK, "New recovery codes", || RenewCodesPage(shown)),
        Err(failure) => problem::failed(&failure),
    }
}

pub(in crate::http) async fn submit_codes(
    State(site): State<Site>,
    Fresh(operator): Fresh,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    match renew_codes(&site.portcullis, operator.person()).await {
        Ok(codes) => handed_out(&codes, None),
        Err(failure) => problem::failed(&failure),
    }
}

#[derive(Deserialize)]
pub(in crate::http) struct Row {
    id: Uuid,
}

pub(in crate::http) async fn end_session(
    State(site): State<Site>,
    operator: Operator,
    Form(Row { id }): Form<Row>,
) -> Response {
    match sessions::end(&site.portcullis, operator.person(), id, operator.name()).await {
        Ok(_) => operator.done(&site, "That session has ended.", "/account"),
        Err(failure) => problem::failed(&failure),
    }
}

pub(in crate::http) async fn revoke_token(
    State(site): State<Site>,
    operator: Operator,
    Form(Row { id }): Form<Row>,
) -> Response {
    match revoke_token_of(&site.portcullis, operator.person(), id, operator.name()).await {
        Ok(_) => operator.done(&site, "That access is revoked.", "/account"),
        Err(failure) => problem::failed(&failure),
    }
}
