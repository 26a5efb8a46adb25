//! The list of pages.

use crate::account::{Account, AccountPage, ChangePassword, ChangePasswordPage};
use crate::account_calls::{AccountCallsModel, AccountCallsPage};
use crate::alerts::{AlertsModel, AlertsPage};
use crate::client::{ClientModel, ClientPage};
use crate::client_new::{ClientNewModel, ClientNewPage};
use crate::clients::{ClientsModel, ClientsPage};
use crate::consent::{Consent, ConsentPage};
use crate::denial::{DenialModel, DenialPage};
use crate::denials::{DenialsModel, DenialsPage};
use crate::enrolment::{Enrolment, EnrolmentPage};
use crate::events::{EventsModel, EventsPage};
use crate::handover::{Handover, HandoverPage};
use crate::maintenance::{MaintenanceModel, MaintenancePage};
use crate::overview::{OverviewModel, OverviewPage};
use crate::people::{PeopleModel, PeoplePage};
use crate::person::{PersonModel, PersonPage};
use crate::person_new::{PersonNewModel, PersonNewPage};
use crate::problem::{Problem, ProblemPage};
use crate::queries::{QueriesModel, QueriesPage};
use crate::query::{QueryModel, QueryPage};
use crate::recovery_codes::{RecoveryCodes, RecoveryCodesPage, RenewCodes, RenewCodesPage};
use crate::second_factor::{Ask, SecondFactor, SecondFactorPage};
use crate::set_up::{SetUp, SetUpPage};
use crate::sign_in::{SignIn, SignInPage};
use crate::signed_out::SignedOutPage;
use crate::surface::{SurfaceModel, SurfacePage};
use crate::try_sql::{TryModel, TryPage};
use crate::usage::{UsageModel, UsagePage};
use crate::usage_person::{UsagePersonModel, UsagePersonPage};
use crate::welcome::{Welcome, WelcomePage};
use leptos::prelude::*;

/// The name of a page, and its body.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    Owner::new().with(|| strangers().into_iter().chain(persons()).chain(watched()).chain(access()).collect())
}

/// Pages that need nobody to be signed in, and those on the way there.
fn strangers() -> Vec<(&'static str, String)> {
    let again = Ask::Again { next: "/account/recovery-codes".to_owned() };
    vec![
        ("again", SecondFactorPage(SecondFactor::sample(again)).to_html()),
        ("code", SecondFactorPage(SecondFactor::sample(Ask::Code)).to_html()),
        ("consent", ConsentPage(Consent::sample()).to_html()),
        ("enrolment", EnrolmentPage(Enrolment::sample()).to_html()),
        ("handover", HandoverPage(Handover::sample()).to_html()),
        ("maintenance", MaintenancePage(MaintenanceModel::sample()).to_html()),
        ("problem", ProblemPage(Problem::sample()).to_html()),
        ("recovery", SecondFactorPage(SecondFactor::sample(Ask::Recovery)).to_html()),
        ("recovery_codes", RecoveryCodesPage(RecoveryCodes::sample()).to_html()),
        ("set_up", SetUpPage(SetUp::sample()).to_html()),
        ("sign_in", SignInPage(SignIn::sample()).to_html()),
        ("signed_out", SignedOutPage().to_html()),
        ("welcome", WelcomePage(Welcome::sample()).to_html()),
    ]
}

/// Pages of somebody who is signed in.
fn persons() -> Vec<(&'static str, String)> {
    vec![
        ("account", AccountPage(Account::sample()).to_html()),
        ("change_password", ChangePasswordPage(ChangePassword::sample()).to_html()),
        ("renew_codes", RenewCodesPage(RenewCodes::sample()).to_html()),
    ]
}

/// Pages of those who may see the record.
fn watched() -> Vec<(&'static str, String)> {
    vec![
        ("denial", DenialPage(DenialModel::sample()).to_html()),
        ("denials", DenialsPage(DenialsModel::sample()).to_html()),
        ("events", EventsPage(EventsModel::sample()).to_html()),
        ("overview", OverviewPage(OverviewModel::sample()).to_html()),
        ("overview_empty", OverviewPage(OverviewModel::sample_empty()).to_html()),
        ("queries", QueriesPage(QueriesModel::sample()).to_html()),
        ("queries_empty", QueriesPage(QueriesModel::sample_empty()).to_html()),
        ("queries_wrong", QueriesPage(QueriesModel::sample_wrong()).to_html()),
        ("query", QueryPage(QueryModel::sample()).to_html()),
        ("query_refused", QueryPage(QueryModel::sample_refused()).to_html()),
        ("usage", UsagePage(UsageModel::sample()).to_html()),
        ("usage_person", UsagePersonPage(UsagePersonModel::sample()).to_html()),
    ]
}

/// Pages about who may read what, and about what holds them back.
fn access() -> Vec<(&'static str, String)> {
    vec![
        ("account_calls", AccountCallsPage(AccountCallsModel::sample()).to_html()),
        ("alerts", AlertsPage(AlertsModel::sample()).to_html()),
        ("alerts_empty", AlertsPage(AlertsModel::sample_empty()).to_html()),
        ("client", ClientPage(ClientModel::sample()).to_html()),
        ("client_new", ClientNewPage(ClientNewModel::sample()).to_html()),
        ("clients", ClientsPage(ClientsModel::sample()).to_html()),
        ("people", PeoplePage(PeopleModel::sample()).to_html()),
        ("person", PersonPage(PersonModel::sample()).to_html()),
        ("person_new", PersonNewPage(PersonNewModel::sample()).to_html()),
        ("surface", SurfacePage(SurfaceModel::sample()).to_html()),
        ("try_refused", TryPage(TryModel::sample_refused()).to_html()),
        ("try_sql", TryPage(TryModel::sample()).to_html()),
    ]
}
