//! Who was turned away at the door, newest first, and one of those times.

use super::fields::Fields;
use super::listing::{Address, chips, pager};
use super::{client, no_such_place, person, profile, token};
use crate::flow::review_denials::{DenialLine, Denied, review_denial, review_denials};
use crate::flow::{Failure, Portcullis};
use crate::http::console::frame::{Teller, shell};
use crate::http::console::sentence;
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::denial::DenialReason;
use crate::model::review::{DenialFilter, Place};
use app::denial::{DenialModel, DenialPage};
use app::denials::{DenialFilter as Typed, DenialRow, DenialsModel, DenialsPage};
use app::parts::{Pager, Problems, Section};
use app::query::Refusal;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

const LABELS: [(&str, &str); 5] =
    [("person", "person"), ("client", "client"), ("reason", "reason"), ("from", "from"), ("until", "until")];

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    address: Address,
) -> Response {
    let Ok(place) = address.place() else { return no_such_place() };
    match list(&site, &operator, &address, place).await {
        Ok(model) => {
            let status =
                if model.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, "Denials", || DenialsPage(model))
        }
        Err(failure) => problem::failed(&failure),
    }
}

async fn list(
    site: &Site,
    operator: &Operator,
    address: &Address,
    place: Option<Place>,
) -> Result<DenialsModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let (filter, problems) = asked(portcullis, operator, address).await?;
    let (mut rows, mut pages) = (Vec::new(), Pager::default());
    if problems.is_empty() {
        let found = review_denials(portcullis, &filter, place).await?;
        pages = pager(address, &found, ("denial", "denials"));
        rows = found.lines.into_iter().map(|line| row(line, teller)).collect();
    }
    Ok(DenialsModel {
        shell: shell(site, operator, Section::Denials).await?,
        filter: Typed {
            person: address.typed("person"),
            client: address.typed("client"),
            reason: address.typed("reason"),
            from: address.typed("from"),
            until: address.typed("until"),
        },
        problems,
        active: chips(address, &LABELS),
        reasons: DenialReason::ALL.map(|reason| reason.code().to_owned()).to_vec(),
        rows,
        pager: pages,
    })
}

async fn asked(
    portcullis: &Portcullis,
    operator: &Operator,
    address: &Address,
) -> Result<(DenialFilter, Problems), Failure> {
    let mut fields = Fields::new(address, &operator.person().zone);
    let (from, until) = fields.span();
    let filter = DenialFilter {
        person_id: fields.person(portcullis).await?,
        client: fields.client(),
        reason: fields.word("reason", &DenialReason::ALL.map(DenialReason::code)),
        from,
        until,
    };
    Ok((filter, fields.problems()))
}

fn row(line: DenialLine, teller: Teller<'_>) -> DenialRow {
    DenialRow {
        at: teller.moment(line.at),
        href: format!("/audit/denials/{}", line.id),
        person: line.person,
        client: line.client,
        reason: line.reason,
        profile: line.profile,
        ip: line.ip,
    }
}

pub(in crate::http) async fn show_one(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse() else { return problem::no_page() };
    let denied = match review_denial(&site.portcullis, id).await {
        Ok(Some(denied)) => denied,
        Ok(None) => return problem::no_page(),
        Err(failure) => return problem::failed(&failure),
    };
    match one(&site, &operator, denied).await {
        Ok(model) => page(StatusCode::OK, "A denial", || DenialPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn one(site: &Site, operator: &Operator, denied: Denied) -> Result<DenialModel, Failure> {
    let teller = Teller::new(&site.portcullis, operator);
    let Denied { line, advice, others } = denied;
    let unknown = "an earlier version of the program gave this reason";
    Ok(DenialModel {
        shell: shell(site, operator, Section::Denials).await?,
        at: teller.moment(line.at),
        person: person(operator, &line.person),
        client: client(operator, line.client_id, &line.client),
        token: line.token_id.map(|id| token(operator, id, &line.person)),
        profile: line.profile.as_deref().map(profile),
        refusal: Refusal { code: line.reason, subject: None, advice: sentence(advice.unwrap_or(unknown)) },
        ip: line.ip,
        user_agent: line.user_agent,
        request_id: line.request_id.to_string(),
        others: others.into_iter().map(|line| row(line, teller)).collect(),
    })
}
