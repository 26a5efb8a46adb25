//! Attacks of our own without the gate before them, to see that the role and the transaction stop them by themselves.
//!
//! Invariant: this is the one way around [`gate::Admitted`], and it takes nothing but an [`Attack`], which is made in the
//! built-in corpus alone. Whatever is done is rolled back.

use sqlx::PgConnection;
use tokio::time::timeout;

use super::catalog::enter;
use super::fault::Fault;
use super::gateway::{GRACE, Gateway};
use super::trial::Attempted;
use crate::model::attack::Attack;

/// Enters the role as for a statement of an agent, and says what must not work.
pub async fn assault(gateway: &Gateway, attack: &'static Attack) -> Result<Attempted, Fault> {
    let gateway = &gateway.0;
    let mut lease = enter(gateway, "portcullis self-test").await?;
    match timeout(gateway.patience.statement + GRACE, say(&mut lease.connection, attack)).await {
        Ok(Ok(attempted)) => {
            lease.settle();
            Ok(attempted)
        }
        Ok(Err(error)) => Err(Fault::entering(&error)),
        Err(_elapsed) => Err(Fault::unavailable("it did not answer")),
    }
}

/// As the executor says a statement: prepared, so that there can be one alone.
async fn say(connection: &mut PgConnection, attack: &'static Attack) -> sqlx::Result<Attempted> {
    match sqlx::query(attack.sql()).persistent(false).execute(connection).await {
        Ok(_) => Ok(Attempted::Done),
        Err(sqlx::Error::Database(refusal)) => {
            Ok(Attempted::Refused(refusal.code().unwrap_or_default().into_owned()))
        }
        Err(error) => Err(error),
    }
}
