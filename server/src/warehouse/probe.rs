//! Whether a profile's way in is sound, for the operator who has just written it down.

use std::sync::Arc;

use futures_util::future::join_all;
use sqlx::{PgConnection, Row};
use tokio::time::timeout;

use super::catalog::enter;
use super::fault::Fault;
use super::gateway::{GRACE, Gateway, Inner};
use super::guard::Entry;
use super::lease::Lease;

/// The first version whose guards suffice.
const OLDEST: u32 = 14_00_00;
const PURPOSE: &str = "portcullis probe";

/// What is wrong with a way into the warehouse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("{0:#}")]
    NoWay(Fault),
    #[error("the warehouse is PostgreSQL {major}, but 14 is the oldest that can be guarded", major = .version / 10_000)]
    TooOld { version: u32 },
    #[error("`{role}` is a superuser or passes row security by: nothing holds it back")]
    TooMighty { role: String },
    #[error("`{login}` inherits what its roles may do: alter it to `noinherit`")]
    Inherits { login: String },
    #[error("`{login}` is a member of `{other}` as well, and could become that role")]
    OtherMembership { login: String, other: String },
    #[error("`{login}` owns relations, and may read those whatever its profile says")]
    Owner { login: String },
    #[error("a transaction of `{login}` can leave read-only mode")]
    Writable { login: String },
    /// Another one is read in its place, while there is one.
    #[error("the server at {server} will not do: {fault:#}")]
    PassedOver { server: String, fault: Fault },
}

/// Enters the role once and looks around, then goes to each server, where there are several; an empty list means that all
/// is well.
pub async fn probe(gateway: &Gateway) -> Vec<Flaw> {
    let (mut flaws, passed_over) = tokio::join!(look(&gateway.0), knock(&gateway.0));
    flaws.extend(passed_over);
    flaws
}

/// One that is passed over would be missed only once it is needed.
async fn knock(gateway: &Inner) -> Vec<Flaw> {
    if !gateway.servers.are_several() {
        return Vec::new();
    }
    let nobody = vec![String::new(); gateway.guard.context_settings()];
    let entry = Entry { name: PURPOSE.to_owned(), context: &nobody };
    let knocks = gateway.servers.all().iter().map(|server| Lease::open_at(server, &gateway.guard, &entry));
    let flaws = gateway.servers.all().iter().zip(join_all(knocks).await).filter_map(|(server, opened)| {
        let fault = opened.map(Lease::settle).err()?;
        Some(Flaw::PassedOver { server: server.to_string(), fault })
    });
    flaws.collect()
}

async fn look(gateway: &Arc<Inner>) -> Vec<Flaw> {
    let mut lease = match enter(gateway, PURPOSE).await {
        Ok(lease) => lease,
        Err(fault) => return vec![Flaw::NoWay(fault)],
    };
    let deadline = gateway.patience.statement + GRACE;
    match timeout(deadline, look_around(&mut lease.connection)).await {
        Ok(Ok(flaws)) => {
            lease.settle();
            flaws
        }
        Ok(Err(error)) => vec![Flaw::NoWay(Fault::entering(&error))],
        Err(_elapsed) => vec![Flaw::NoWay(Fault::unavailable("it did not answer"))],
    }
}

async fn look_around(connection: &mut PgConnection) -> sqlx::Result<Vec<Flaw>> {
    let mut flaws = Vec::new();
    let version = connection.server_version_num().unwrap_or_default();
    if version < OLDEST {
        flaws.push(Flaw::TooOld { version });
    }
    let row = sqlx::query(include_str!("probe.sql")).persistent(false).fetch_one(&mut *connection).await?;
    let login: String = row.try_get("login")?;
    let mighty: Vec<String> = row.try_get("mighty")?;
    let others: Vec<String> = row.try_get("others")?;
    flaws.extend(mighty.into_iter().map(|role| Flaw::TooMighty { role }));
    if row.try_get("inherits")? {
        flaws.push(Flaw::Inherits { login: login.clone() });
    }
    flaws.extend(others.into_iter().map(|other| Flaw::OtherMembership { login: login.clone(), other }));
    if row.try_get("owns")? {
        flaws.push(Flaw::Owner { login: login.clone() });
    }
    // The last thing in this transaction: it is meant to fail.
    if sqlx::raw_sql("set transaction read write").execute(connection).await.is_ok() {
        flaws.push(Flaw::Writable { login });
    }
    Ok(flaws)
}
