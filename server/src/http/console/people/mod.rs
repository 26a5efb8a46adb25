//! The pages about people: who there are, one of them, a new one.

pub(in crate::http) mod acts;
pub(in crate::http) mod new;
pub(in crate::http) mod one;

use super::frame::{Teller, shell};
use crate::flow::Failure;
use crate::flow::people::{self, PageLine, PeopleFilter};
use crate::http::extract::operator::{Administrator, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::person::Person;
use app::parts::{Active, Section};
use app::people::{Access, PeopleModel, PeoplePage, PersonRow, Standing};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

const PATH: &str = "/people";

#[derive(Deserialize)]
pub(in crate::http) struct Looked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    active: String,
    #[serde(default)]
    after: String,
}

pub(in crate::http) async fn list(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Query(looked): Query<Looked>,
) -> Response {
    match listed(&site, &operator, looked).await {
        Ok(shown) => page(StatusCode::OK, "People", || PeoplePage(shown)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn listed(site: &Site, operator: &Operator, looked: Looked) -> Result<PeopleModel, Failure> {
    let filter = PeopleFilter {
        words: looked.q.trim().to_lowercase(),
        active: match looked.active.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        after: looked.after.clone(),
    };
    let (lines, has_more) = people::page(&site.portcullis, &filter).await?;
    let teller = Teller::new(&site.portcullis, operator);
    let last = lines.last().map(|line| line.line.person.username.to_string());
    let next = last.filter(|_| has_more).map(|last| looked.address(&[("after", &last)], &[]));
    let words = if lines.len() == 1 { "1 person".to_owned() } else { format!("{} people", lines.len()) };
    Ok(PeopleModel {
        shell: shell(site, operator, Section::People).await?,
        filters: looked.filters(),
        rows: lines.into_iter().map(|line| row(line, teller)).collect(),
        shown: words + ", by name",
        first: (!looked.after.is_empty()).then(|| looked.address(&[], &[])),
        next,
        q: looked.q,
        active: looked.active,
    })
}

impl Looked {
    /// The address of this list with something more, and without some of its filters.
    fn address(&self, more: &[(&str, &str)], without: &[&str]) -> String {
        let kept = [("q", self.q.as_str()), ("active", self.active.as_str())];
        let kept = kept.into_iter().filter(|(name, value)| !value.is_empty() && !without.contains(name));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept.chain(more.iter().copied()))
            .finish();
        if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
    }

    fn filters(&self) -> Vec<Active> {
        let mut filters = Vec::new();
        if !self.q.is_empty() {
            filters.push(Active::new("name", &self.q, &self.address(&[], &["q"])));
        }
        match self.active.as_str() {
            "yes" => filters.push(Active::new("standing", "active", &self.address(&[], &["active"]))),
            "no" => filters.push(Active::new("standing", "deactivated", &self.address(&[], &["active"]))),
            _ => {}
        }
        filters
    }
}

fn row(PageLine { line, seen_at, is_paused }: PageLine, teller: Teller<'_>) -> PersonRow {
    PersonRow {
        username: line.person.username.to_string(),
        display_name: line.person.display_name.clone(),
        email: line.person.email.clone(),
        standing: standing(&line.person, line.has_factor, is_paused),
        profiles: line.profiles,
        seen: seen_at.map(|at| teller.moment(at)),
    }
}

/// What somebody is, for a page.
fn standing(person: &Person, has_factor: bool, is_paused: bool) -> Standing {
    let powers = person.powers;
    Standing {
        access: if person.active { Access::Active } else { Access::Deactivated },
        powers: app::people::Powers { staff: powers.staff, auditor: powers.auditor, admin: powers.admin },
        has_factor,
        is_paused,
    }
}
