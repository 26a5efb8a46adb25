//! What a person sees and changes about themselves.

use super::enrol::handed_out;
use super::frame::shell;
use super::{sentence, too_fast::too_fast};
use crate::flow::change_password::{NotChanged, PasswordChange, change_own_password};
use crate::flow::enrol_factor::{codes_left, renew_codes};
use crate::flow::people::portrait;
use crate::flow::revoke_token::revoke_token_of;
use crate::flow::{Failure, sessions};
use crate::http::extract::form::{Form, Nothing};
use crate::http::extract::operator::{Fresh, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::http::sessions as http_sessions;
use crate::model::caller::Caller;
use app::account::{Account, AccountPage, ChangePassword, ChangePasswordPage, SessionRow, TokenRow};
use app::parts::Section;
use app::recovery_codes::{RenewCodes, RenewCodesPage};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use uuid::Uuid;

pub(in crate::http) async fn show(State(site): State<Site>, operator: Operator) -> Response {
    match account(&site, &operator).await {
        Ok(shown) => page(StatusCode::OK, "Your account", || AccountPage(shown)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn account(site: &Site, operator: &Operator) -> Result<Account, Failure> {
    let (portcullis, person) = (&site.portcullis, operator.person());
    let portrait = portrait(portcullis, person).await?;
    let now = portcullis.now();
    let sessions = portrait.sessions.into_iter().map(|line| SessionRow {
        is_this: line.id == operator.session_id(),
        id: line.id.to_string(),
        browser: browser(line.user_agent.as_deref().unwrap_or_default()),
        address: line.ip.map_or_else(|| "unknown address".to_owned(), |ip| ip.to_string()),
        seen: moment(line.seen_at),
    });
    let living =
        portrait.tokens.into_iter().filter(|line| line.revoked_at.is_none() && line.expires_at > now);
    let tokens = living.map(|line| TokenRow {
        id: line.id.to_string(),
        client: line.client,
        profile: line.profile,
        until: moment(line.expires_at),
    });
    let standing = match (person.powers.admin, person.powers.staff) {
        (true, _) => "Administrator",
        (false, true) => "Staff",
        (false, false) => "Not staff: agents cannot read on your behalf",
    };
    Ok(Account {
        shell: shell(site, operator, Section::Account).await?,
        display_name: person.display_name.clone(),
        email: person.email.clone(),
        standing: standing.to_owned(),
        profiles: portrait.profiles,
        codes_left: portrait.codes_left,
        sessions: sessions.collect(),
        tokens: tokens.collect(),
    })
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

fn moment(at: OffsetDateTime) -> String {
    const MINUTES: &[BorrowedFormatItem<'_>] =
        format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    at.format(MINUTES).unwrap_or_else(|_| at.to_string())
}

/// A browser as a person would call it, as far as its own words tell.
fn browser(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // Each calls itself by the names of those before it too, so the order matters.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("HeadlessChrome/", "Headless Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => "Another program".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_by_their_names() {
        for (user_agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            ("curl/8.0", "Another program"),
        ] {
            assert_eq!(browser(user_agent), name);
        }
    }
}
