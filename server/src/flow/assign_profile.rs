//! Gives a person a profile. A second one is worth a second look: from then on they choose, at each consent, as whom their
//! agent reads.

use crate::flow::alert::{Occasion, Raised, raise};
use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::alert::AlertKind;
use crate::model::event::EventKind;
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use crate::store::Transaction;
use crate::store::assignments;
use crate::store::assignments::Assignment;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

/// Who is to hold what, by whose word.
#[derive(Clone, Copy)]
pub(super) struct Assigning<'a> {
    pub person_id: Uuid,
    pub person: &'a Username,
    pub profile: &'a ProfileName,
    pub actor: &'a str,
    pub at: OffsetDateTime,
}

#[derive(Debug, thiserror::Error)]
pub enum NotAssigned {
    #[error("there is no profile `{0}` in the configuration")]
    NoSuchProfile(ProfileName),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Assigns the profile within the caller's transaction, and gives the alerts that are to be told once it has ended well;
/// `None` where the person holds it already.
pub(super) async fn assign(
    portcullis: &Portcullis,
    store: &mut Transaction,
    assigning: Assigning<'_>,
) -> Result<Option<Vec<Raised>>, NotAssigned> {
    let Assigning { person_id, person, profile, actor, at } = assigning;
    if portcullis.profile(profile).is_none() {
        return Err(NotAssigned::NoSuchProfile(profile.clone()));
    }
    let id = portcullis.rng().uuid_at(at).map_err(Failure::from)?;
    let assignment = Assignment { person_id, profile, assigned_by: actor, assigned_at: at };
    if !assignments::insert(&mut *store, id, &assignment).await.map_err(Failure::from)? {
        return Ok(None);
    }
    let held = assignments::of_person(&mut *store, person_id).await.map_err(Failure::from)?;
    let event = Happened {
        kind: EventKind::ProfileAssigned,
        actor,
        person_id: Some(person_id),
        subject: profile.to_string(),
        detail: json!({ "person": person.as_str(), "held": held }),
    };
    happened::record(portcullis, &mut *store, at, event).await?;
    let occasion = |kind, detail| Occasion {
        kind,
        key: id.to_string(),
        person_id: Some(person_id),
        subject: person.as_str(),
        detail,
    };
    let gained = occasion(AlertKind::ProfileGained, json!({ "profile": profile.as_str(), "actor": actor }));
    let mut raised = vec![raise(portcullis, &mut *store, at, gained).await?];
    if held.len() > 1 {
        let several = occasion(AlertKind::SeveralProfiles, json!({ "held": held.join(", ") }));
        raised.push(raise(portcullis, &mut *store, at, several).await?);
    }
    Ok(Some(raised))
}
