//! What agents asked on a person's behalf, for that person.

use crate::flow::Failure;
use crate::flow::review_calls::{Look, review_calls};
use crate::http::console::audit::call_row;
use crate::http::console::audit::listing::{Address, pager};
use crate::http::console::frame::{Teller, shell};
use crate::http::extract::operator::Operator;
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::review::{CallFilter, Place};
use app::account_calls::{AccountCallsModel, AccountCallsPage};
use app::parts::{CallRow, Section};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(in crate::http) async fn show(
    State(site): State<Site>,
    operator: Operator,
    address: Address,
) -> Response {
    // Nothing but a place can be asked for here.
    let Ok(place) = address.place() else { return problem::no_page() };
    match calls(&site, &operator, &address, place).await {
        Ok(shown) => page(StatusCode::OK, "Your calls", || AccountCallsPage(shown)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn calls(
    site: &Site,
    operator: &Operator,
    address: &Address,
    place: Option<Place>,
) -> Result<AccountCallsModel, Failure> {
    let person = operator.person();
    let filter = CallFilter { person_id: Some(person.id), ..CallFilter::default() };
    let calls = review_calls(&site.portcullis, &filter, Look::at(place)).await?;
    let teller = Teller::new(&site.portcullis, operator);
    let pager = pager(address, &calls.page, ("call", "calls"));
    let own = |line| {
        let row = call_row(line, teller).of_one();
        // Everything that is recorded is for those who may look into the record.
        if person.powers.can_audit() { row } else { CallRow { href: None, ..row } }
    };
    Ok(AccountCallsModel {
        shell: shell(site, operator, Section::Calls).await?,
        rows: calls.page.lines.into_iter().map(own).collect(),
        pager,
    })
}
