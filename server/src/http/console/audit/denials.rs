//! The list of denials, one of them, and all of them as a file.

use super::list::{self, Address};
use super::{export, for_administrators};
use crate::flow::export::{Format, Wanted};
use crate::flow::review_denials::{DenialLine, Denied, review_denial, review_denials};
use crate::flow::{Failure, Portcullis};
use crate::http::console::frame::{Teller, shell};
use crate::http::console::sentence;
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::denial::DenialReason;
use crate::model::person::Person;
use crate::model::review::DenialFilter;
use app::denial::{DenialModel, DenialPage};
use app::denials::{DenialFilter as Typed, DenialRow, DenialsModel, DenialsPage};
use app::parts::Section;
use app::query::{Link, Refusal};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// What the address tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    person: String,
    client: String,
    reason: String,
    profile: String,
    from: String,
    until: String,
    before: String,
    after: String,
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    match denials(&site, &operator, asked).await {
        Ok(model) => page(StatusCode::OK, "Denials", || DenialsPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

pub(in crate::http) async fn csv(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    file(&site, &operator, &asked, Format::Csv).await
}

pub(in crate::http) async fn ndjson(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    file(&site, &operator, &asked, Format::Ndjson).await
}

async fn file(site: &Site, operator: &Operator, asked: &Asked, format: Format) -> Response {
    match asked.filter(&site.portcullis, operator.person()).await {
        Ok((_, filter)) => export::answer(site, operator, Wanted::Denials(filter), format).await,
        Err(failure) => problem::failed(&failure),
    }
}

async fn denials(site: &Site, operator: &Operator, asked: Asked) -> Result<DenialsModel, Failure> {
    let portcullis = &site.portcullis;
    let (address, filter) = asked.filter(portcullis, operator.person()).await?;
    let found = review_denials(portcullis, &filter, list::place(&asked.before, &asked.after)).await?;
    let pager = address.pager(&found, ("denial", "denials"));
    let Asked { person, client, reason, profile, from, until, .. } = asked;
    Ok(DenialsModel {
        shell: shell(site, operator, Section::Denials).await?,
        filter: Typed { person, client, reason, profile, from, until },
        active: address.active(),
        reasons: DenialReason::ALL.map(|reason| reason.code().to_owned()).into(),
        profiles: portcullis.profiles().map(|profile| profile.name.to_string()).collect(),
        rows: rows(Teller::new(portcullis, operator), found.lines),
        pager,
        csv: address.file(".csv"),
        ndjson: address.file(".ndjson"),
    })
}

impl Asked {
    async fn filter(
        &self,
        portcullis: &Portcullis,
        viewer: &Person,
    ) -> Result<(Address, DenialFilter), Failure> {
        let mut address = Address::new("/audit/denials");
        let person = address.filter("person", &self.person);
        let filter = DenialFilter {
            person_id: list::person(portcullis, person).await?,
            client: list::client(address.filter("client", &self.client)),
            reason: address.filter("reason", &self.reason),
            profile: address.filter("profile", &self.profile),
            from: list::moment(viewer, &mut address, "from", &self.from),
            until: list::moment(viewer, &mut address, "until", &self.until),
        };
        Ok((address, filter))
    }
}

fn rows(teller: Teller<'_>, lines: Vec<DenialLine>) -> Vec<DenialRow> {
    let row = |line: DenialLine| DenialRow {
        at: teller.moment(line.at),
        href: format!("/audit/denials/{}", line.id),
        person: line.person,
        client: line.client,
        reason: line.reason,
        profile: line.profile,
        ip: line.ip,
    };
    lines.into_iter().map(row).collect()
}

pub(in crate::http) async fn show_one(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse() else { return problem::no_page() };
    match review_denial(&site.portcullis, id).await {
        Ok(Some(denied)) => match denial(&site, &operator, denied).await {
            Ok(model) => page(StatusCode::OK, "A denial", || DenialPage(model)),
            Err(failure) => problem::failed(&failure),
        },
        Ok(None) => problem::no_page(),
        Err(failure) => problem::failed(&failure),
    }
}

async fn denial(site: &Site, operator: &Operator, denied: Denied) -> Result<DenialModel, Failure> {
    let Denied { line, advice, around } = denied;
    let teller = Teller::new(&site.portcullis, operator);
    let person = format!("/people/{}", line.person);
    let token = |id: uuid::Uuid| for_administrators(operator, &id.to_string(), &format!("{person}#tokens"));
    Ok(DenialModel {
        shell: shell(site, operator, Section::Denials).await?,
        at: teller.moment(line.at),
        refusal: Refusal {
            code: line.reason,
            subject: None,
            advice: advice.map(sentence).unwrap_or_default(),
        },
        person: for_administrators(operator, &line.person, &person),
        client: for_administrators(operator, &line.client, &format!("/clients/{}", line.client_id)),
        token: line.token_id.map(token),
        profile: line.profile.map(|profile| Link::to(&profile, &format!("/surface#{profile}"))),
        ip: line.ip,
        user_agent: line.user_agent,
        request_id: line.request_id.to_string(),
        others: rows(teller, around),
    })
}
