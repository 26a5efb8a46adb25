//! The pages of an authorization: what is asked, and the way back.

use crate::flow::authorize::Asked;
use crate::flow::consent::{Choice, Offer};
use crate::http::extract::operator::Operator;
use crate::http::page::{handover_page, page};
use crate::model::catalog::Relation;
use crate::model::client::{Client, ClientKind};
use app::consent::{Consent, ConsentPage, OfferLine, RelationLine};
use app::handover::{Handover, HandoverPage};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use time::macros::format_description;

/// What the page of consent shows.
pub(super) struct View<'a> {
    pub(super) uri: &'a Uri,
    pub(super) operator: &'a Operator,
    pub(super) asked: &'a Asked,
    pub(super) offers: Vec<Offer>,
}

pub(super) fn consent(
    status: StatusCode,
    view: &View<'_>,
    choice: Option<&Choice<'_>>,
    problem: Option<String>,
) -> Response {
    let asked = view.asked;
    let model = Consent {
        csrf: view.operator.csrf(),
        // The request travels in the address, and is judged again when the form comes back.
        action: format!("/o/authorize?{}", view.uri.query().unwrap_or_default()),
        person: view.operator.person().username.to_string(),
        client: asked.client.name.clone(),
        registered: registered(&asked.client),
        place: asked.reply.to.place(),
        is_loopback: asked.reply.to.is_loopback(),
        offers: view.offers.iter().map(|offer| line(offer, choice)).collect(),
        problem,
    };
    page(status, "Let a client in", || ConsentPage(model))
}

fn line(offer: &Offer, choice: Option<&Choice<'_>>) -> OfferLine {
    let profile = offer.profile.name.to_string();
    let is_kept = |relation: &str| {
        choice.is_none_or(|choice| choice.profile != profile || choice.kept.contains(&relation))
    };
    let relations = offer.relations().into_iter().map(|name| {
        let known = offer.reading.as_ref().and_then(|reading| {
            let (schema, relation) = name.split_once('.')?;
            reading.catalog.relation(schema, relation)
        });
        RelationLine {
            field: format!("{profile}/{name}"),
            is_kept: is_kept(&name),
            kind: known.map_or("", |relation| relation.kind.word()).to_owned(),
            rows: known.and_then(|relation| relation.estimated_rows).map(rows),
            comment: known.and_then(|relation| relation.comment.clone()),
            columns: known.map(columns).unwrap_or_default(),
            name,
        }
    });
    OfferLine {
        is_chosen: choice.is_some_and(|choice| choice.profile == profile),
        is_readable: offer.reading.is_some(),
        relations: relations.collect(),
        profile,
    }
}

fn columns(relation: &Relation) -> Vec<String> {
    relation.columns.iter().map(|column| column.name.clone()).collect()
}

/// `about 12,300 rows`: two digits count, the rest would only pretend.
fn rows(count: u64) -> String {
    let mut unit = 1;
    while count / unit >= 100 {
        unit *= 10;
    }
    let rounded = (count + unit / 2) / unit * unit;
    let digits = rounded.to_string();
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let about = if rounded < 100 { "" } else { "about " };
    let word = if rounded == 1 { "row" } else { "rows" };
    format!("{about}{grouped} {word}")
}

/// Who made a client known, and how.
fn registered(client: &Client) -> String {
    let format = format_description!("[day padding:none] [month repr:long] [year]");
    let day = client.created_at.format(&format).unwrap_or_default();
    match client.kind {
        ClientKind::Dynamic => match client.registered_from {
            Some(ip) => format!("It registered itself on {day}, from {ip}. Nobody has checked its name."),
            None => format!("It registered itself on {day}. Nobody has checked its name."),
        },
        ClientKind::MetadataDocument => format!("It is described by its publisher at {}", client.identifier),
        ClientKind::Configured => "An operator of this site named it in the configuration.".to_owned(),
        ClientKind::Registered | ClientKind::CommandLine | ClientKind::Console => {
            let by = client.registered_by.as_deref().unwrap_or("an operator");
            format!("It was registered on {day} by {by}.")
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Approved,
    Refused,
}

/// The way back to the client. A browser holds the redirects that follow a form against `form-action`, so the page itself
/// leads there.
pub(super) fn handover(address: &str, client: &str, place: &str, ended: Ended) -> Response {
    let model = Handover {
        to: address.to_owned(),
        client: client.to_owned(),
        place: place.to_owned(),
        is_approved: ended == Ended::Approved,
    };
    handover_page("Back to the client", address, || HandoverPage(model))
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn row_counts_are_rounded_for_people() {
        for (count, told) in [
            (0, "0 rows"),
            (1, "1 row"),
            (99, "99 rows"),
            (100, "about 100 rows"),
            (12_345, "about 12,000 rows"),
            (1_250_000, "about 1,300,000 rows"),
            (999, "about 1,000 rows"),
        ] {
            assert_eq!(rows(count), told);
        }
    }
}
