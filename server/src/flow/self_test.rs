//! Attacks ourselves: the built-in corpus goes through the front door in the name of a test person, and what the database
//! must stop by itself goes past the gate into a transaction that is rolled back. Whatever gets through is red.

use crate::fetch::OwnDoor;
use crate::flow::alert::{Occasion, raise};
use crate::flow::happened::{self, Happened};
use crate::flow::issue_token::{Issued, TokenWish, issue_token};
use crate::flow::revoke_token::revoke_token;
use crate::flow::{Failure, Portcullis, Profile, pause};
use crate::model::alert::AlertKind;
use crate::model::attack::Attack;
use crate::model::event::EventKind;
use crate::model::measure;
use crate::model::pause::Scope;
use crate::model::person::Username;
use crate::model::self_test::SelfTested;
use crate::store::{outcomes, self_tests};
use crate::warehouse::{self, Attempted};
use serde_json::{Value, json};
use std::time::Duration;

/// Who does all this, for the record; and what its calls say of themselves.
const ACTOR: &str = "self-test";
const USER_AGENT: &str = concat!("portcullis-self-test/", env!("CARGO_PKG_VERSION"));
/// How long the token lives that it asks with; it is revoked at the end.
const LIFE: Duration = Duration::from_mins(1);
/// Faults that an alert and an event name; the console shows them all.
const A_FEW: usize = 5;

/// Tests every so often, for as long as the program runs.
pub async fn keep_testing(portcullis: Portcullis, door: OwnDoor, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        if let Err(failure) = self_test(&portcullis, &door).await {
            tracing::error!(%failure, "what the self-test found cannot be kept");
        }
    }
}

/// Tests every profile, and keeps what was found.
pub async fn self_test(portcullis: &Portcullis, door: &OwnDoor) -> Result<Vec<SelfTested>, Failure> {
    let paused = pause::list(portcullis).await?;
    let mut all = Vec::new();
    for profile in portcullis.profiles() {
        let mut trial = Trial::default();
        trial.past_the_gate(profile).await;
        let is_paused = paused.iter().any(|pause| {
            pause.scope == Scope::Everything || pause.scope == Scope::Profile(profile.name.clone())
        });
        // Nobody gets through a door that is shut, and nobody asks at it.
        if let (Some(person), false) = (&portcullis.self_testing().person, is_paused) {
            trial.through_the_door(portcullis, door, person, profile).await;
        }
        let Trial { tried, faults } = trial;
        let tested = SelfTested { profile: profile.name.to_string(), at: portcullis.now(), tried, faults };
        keep(portcullis, profile, &tested).await?;
        all.push(tested);
    }
    Ok(all)
}

/// How the last self-test of each profile went.
pub async fn last(portcullis: &Portcullis) -> Result<Vec<SelfTested>, Failure> {
    Ok(self_tests::list(portcullis.store()).await?)
}

#[derive(Default)]
struct Trial {
    tried: u32,
    faults: Vec<String>,
}

impl Trial {
    fn red(&mut self, fault: impl std::fmt::Display) {
        self.faults.push(fault.to_string());
    }

    async fn past_the_gate(&mut self, profile: &Profile) {
        for attack in Attack::beyond_the_gate() {
            self.tried += 1;
            match warehouse::assault(&profile.gateway, attack).await {
                Ok(Attempted::Refused(_)) => {}
                Ok(Attempted::Done) => self.red(format_args!("the database lets the role {}", attack.name())),
                Err(fault) => return self.red(format_args!("the role cannot be tried: {fault:#}")),
            }
        }
    }

    async fn through_the_door(
        &mut self,
        portcullis: &Portcullis,
        door: &OwnDoor,
        person: &Username,
        profile: &Profile,
    ) {
        let since = portcullis.now();
        let wish = TokenWish { person, profile: &profile.name, ttl: LIFE, actor: ACTOR };
        let Issued { id, bearer, .. } = match issue_token(portcullis, &wish).await {
            Ok(issued) => issued,
            Err(error) => return self.red(format_args!("nobody can be asked as: {error}")),
        };
        let mut asked = 0;
        for attack in Attack::all() {
            self.tried += 1;
            match ask(door, bearer.reveal(), attack).await {
                Ok(()) => asked += 1,
                Err(NotStopped::AtTheGate(what)) => {
                    asked += 1;
                    self.red(format_args!("the gate does not refuse to {}: {what}", attack.name()));
                }
                Err(NotStopped::NoAnswer(what)) => {
                    self.red(format_args!("the endpoint at {} does not answer: {what}", door.listen));
                    break;
                }
            }
        }
        let recorded = outcomes::of_token(portcullis.store(), id, since).await;
        let refused = recorded.map_or(0, |calls| {
            calls.iter().filter(|call| call.decision.as_deref() == Some("refused")).count()
        });
        if refused != asked {
            self.red(format_args!("{asked} attacks were answered, and {refused} are on record as refused"));
        }
        if let Err(error) = revoke_token(portcullis, &id.to_string(), ACTOR).await {
            self.red(format_args!("the token {id} is not revoked: {error}"));
        }
    }
}

/// How an attack was not stopped where it should have been.
enum NotStopped {
    AtTheGate(String),
    NoAnswer(String),
}

async fn ask(door: &OwnDoor, bearer: &str, attack: &'static Attack) -> Result<(), NotStopped> {
    let params = json!({ "name": "run_query", "arguments": { "sql": attack.sql() } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let answer = door.post(USER_AGENT, bearer, message.to_string()).await;
    let answer = answer.map_err(|error| NotStopped::NoAnswer(error.to_string()))?;
    let answer: Value =
        serde_json::from_slice(&answer).map_err(|error| NotStopped::NoAnswer(error.to_string()))?;
    let told = answer.pointer("/result/structuredContent");
    let Some(told) = told else { return Err(NotStopped::NoAnswer("it is no result of a tool".to_owned())) };
    let reason = told.get("rejection_reason").and_then(Value::as_str).unwrap_or_default();
    if gate::Reason::ALL.iter().any(|known| known.code() == reason) {
        return Ok(());
    }
    let what = if reason.is_empty() { "it was answered" } else { reason };
    Err(NotStopped::AtTheGate(what.to_owned()))
}

/// Keeps what was found, on record and for the console; where it is red, raises the alarm first.
async fn keep(portcullis: &Portcullis, profile: &Profile, tested: &SelfTested) -> Result<(), Failure> {
    let colour = if tested.is_green() { 1.0 } else { 0.0 };
    metrics::gauge!(measure::SELF_TEST, "profile" => tested.profile.clone()).set(colour);
    let some: Vec<&String> = tested.faults.iter().take(A_FEW).collect();
    let detail = json!({ "tried": tested.tried, "count": tested.faults.len(), "faults": some });
    let mut transaction = happened::begin(portcullis).await?;
    self_tests::keep(&mut transaction, tested).await?;
    let event = Happened {
        kind: EventKind::SelfTested,
        actor: ACTOR,
        person_id: None,
        subject: tested.profile.clone(),
        detail: detail.clone(),
    };
    happened::record(portcullis, &mut transaction, tested.at, event).await?;
    let mut raised = None;
    if !tested.is_green() {
        let occasion = Occasion {
            kind: AlertKind::SelfTest,
            // Once a day, however often it is tested.
            key: format!("{}/{}", tested.profile, tested.at.date()),
            person_id: None,
            subject: &tested.profile,
            detail,
        };
        raised = Some(raise(portcullis, &mut transaction, tested.at, occasion).await?);
    }
    happened::commit(transaction).await?;
    if let Some(raised) = raised {
        raised.tell();
    }
    if !tested.is_green() && portcullis.self_testing().disable_on_red {
        pause::pause(portcullis, Scope::Profile(profile.name.clone()), &tested.profile, ACTOR).await?;
    }
    Ok(())
}
