//! The first administrator: a link, good once and for an hour, while nobody is known.

use crate::flow::add_person::{NotAdded, PersonWish, insert};
use crate::flow::alert::Raised;
use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::caller::Caller;
use crate::model::event::EventKind;
use crate::model::session::{Session, Stage};
use crate::store::setup_links;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;

const LIFE: Duration = Duration::hours(1);

/// A link's secret part; earlier links are worthless from now on.
pub async fn make_link(portcullis: &Portcullis, actor: &str) -> Result<String, Failure> {
    let secret = BASE64URL_NOPAD.encode(&portcullis.rng().bytes::<32>()?);
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    setup_links::retire(&mut transaction, now).await?;
    setup_links::insert(&mut transaction, &hash(&secret), now, now + LIFE).await?;
    let event = Happened {
        kind: EventKind::SetupLinkMade,
        actor,
        person_id: None,
        subject: String::new(),
        detail: json!({}),
    };
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(secret)
}

pub async fn is_good(portcullis: &Portcullis, secret: &str) -> Result<bool, Failure> {
    Ok(setup_links::is_good(portcullis.store(), &hash(secret), portcullis.now()).await?)
}

#[derive(Debug, thiserror::Error)]
pub enum NotSetUp {
    #[error("the link is not good, or no longer")]
    BadLink,
    #[error(transparent)]
    NotAdded(#[from] NotAdded),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Makes the first administrator known, and begins their session, which still lacks its second factor.
pub async fn set_up(
    portcullis: &Portcullis,
    caller: &Caller,
    secret: &str,
    wish: &PersonWish<'_>,
) -> Result<Session, NotSetUp> {
    if !is_good(portcullis, secret).await? {
        return Err(NotSetUp::BadLink);
    }
    let hashed = wish.hashed(portcullis).await?;
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    if !setup_links::use_up(&mut transaction, &hash(secret), now).await.map_err(Failure::from)? {
        return Err(NotSetUp::BadLink);
    }
    let (person_id, raised) = insert(portcullis, &mut transaction, wish, &hashed).await?;
    happened::commit(transaction).await?;
    raised.into_iter().for_each(Raised::tell);
    Ok(Session {
        id: portcullis.rng().uuid_at(now).map_err(Failure::from)?,
        person_id,
        began_at: now,
        stage: Stage::Password { enrolment: None },
        next: None,
        ip: caller.ip,
        user_agent: caller.user_agent.clone(),
    })
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::new().chain_update("portcullis set-up\0").chain_update(secret).finalize().into()
}
