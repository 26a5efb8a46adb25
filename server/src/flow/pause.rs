//! The kill switch: holds a person, a client, a token, a profile or everything. It holds at the next request, and what is
//! being read at this moment stops within a second, on every instance.

use crate::flow::happened::{self, Happened};
use crate::flow::manage_person::Change;
use crate::flow::{Failure, Portcullis};
use crate::model::event::EventKind;
use crate::model::pause::{Pause, Scope};
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use crate::store::{clients, pauses, people, tokens};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// How often an instance looks whether what it reads at this moment was paused elsewhere.
const LOOK: Duration = Duration::from_millis(400);
/// How long the store may take to tell; one that went away without a word must not end the watch.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is to be held, by the name that people call it.
#[derive(Debug, Clone)]
pub enum Named {
    Everything,
    Profile(ProfileName),
    Person(Username),
    /// A client's id.
    Client(String),
    /// A token's id.
    Token(Uuid),
}

#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    #[error("there is no {0} `{1}`")]
    NoSuch(&'static str, String),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What a name stands for, and how it is called on record.
pub async fn find(portcullis: &Portcullis, named: Named) -> Result<(Scope, String), NotFound> {
    let store = portcullis.store();
    let no_such = |what, name: String| NotFound::NoSuch(what, name);
    match named {
        Named::Everything => Ok((Scope::Everything, "everything".to_owned())),
        Named::Profile(name) => match portcullis.profile(&name) {
            Some(_) => Ok((Scope::Profile(name.clone()), name.to_string())),
            None => Err(no_such("profile", name.to_string())),
        },
        Named::Person(name) => {
            let person = people::by_username(store, &name).await.map_err(Failure::from)?;
            let person = person.ok_or_else(|| no_such("person", name.to_string()))?;
            Ok((Scope::Person(person.id), name.to_string()))
        }
        Named::Client(identifier) => {
            let client = clients::by_identifier(store, &identifier).await.map_err(Failure::from)?;
            let client = client.ok_or_else(|| no_such("client", identifier.clone()))?;
            Ok((Scope::Client(client.id), identifier))
        }
        Named::Token(id) => {
            let token = tokens::find(store, Some(id), None).await.map_err(Failure::from)?;
            let token = token.ok_or_else(|| no_such("token", id.to_string()))?;
            Ok((Scope::Token(token.id), id.to_string()))
        }
    }
}

/// Pauses. `subject` names what is held for people to read.
pub async fn pause(
    portcullis: &Portcullis,
    scope: Scope,
    subject: &str,
    actor: &str,
) -> Result<Change, Failure> {
    let at = portcullis.now();
    let id = portcullis.rng().uuid_at(at)?;
    let pause = Pause { scope, subject: subject.to_owned(), began_at: at, began_by: actor.to_owned() };
    let mut transaction = happened::begin(portcullis).await?;
    if !pauses::insert(&mut transaction, id, &pause).await? {
        return Ok(Change::NotNeeded);
    }
    happened::record(portcullis, &mut transaction, at, held(EventKind::Paused, &pause.scope, subject, actor))
        .await?;
    happened::commit(transaction).await?;
    let stopped = portcullis.running().stop(&pause.scope);
    tracing::warn!(kind = pause.scope.kind(), subject, actor, stopped, "paused");
    Ok(Change::Made)
}

/// Lets it read again.
pub async fn resume(portcullis: &Portcullis, scope: &Scope, actor: &str) -> Result<Change, Failure> {
    let at = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    let Some(subject) = pauses::end(&mut transaction, scope, at, actor).await? else {
        return Ok(Change::NotNeeded);
    };
    happened::record(portcullis, &mut transaction, at, held(EventKind::Resumed, scope, &subject, actor))
        .await?;
    happened::commit(transaction).await?;
    tracing::warn!(kind = scope.kind(), subject, actor, "resumed");
    Ok(Change::Made)
}

fn held<'a>(kind: EventKind, scope: &Scope, subject: &str, actor: &'a str) -> Happened<'a> {
    let person_id = match scope {
        Scope::Person(id) => Some(*id),
        _ => None,
    };
    let detail = json!({ "kind": scope.kind(), "key": scope.key() });
    Happened { kind, actor, person_id, subject: subject.to_owned(), detail }
}

/// The pause that holds exactly this, if there is one.
pub async fn of(portcullis: &Portcullis, scope: &Scope) -> Result<Option<Pause>, Failure> {
    Ok(pauses::find(portcullis.store(), scope).await?)
}

/// What is paused now, the last first.
pub async fn list(portcullis: &Portcullis) -> Result<Vec<Pause>, Failure> {
    Ok(pauses::list(portcullis.store()).await?)
}

/// Stops what is read here and was paused anywhere, for as long as the program runs. Nothing is asked of the store while
/// nothing is read.
pub async fn watch(portcullis: Portcullis) {
    loop {
        tokio::time::sleep(LOOK).await;
        if portcullis.running().is_empty() {
            continue;
        }
        // Where the store is away, no outcome can be written either, so no answer leaves.
        if let Ok(Ok(pauses)) = tokio::time::timeout(PATIENCE, list(&portcullis)).await {
            for pause in pauses {
                portcullis.running().stop(&pause.scope);
            }
        }
    }
}
