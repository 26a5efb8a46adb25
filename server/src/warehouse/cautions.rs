//! What works, and could be held tighter by the administrator of the warehouse.

use sqlx::{PgConnection, Row};
use tokio::time::timeout;

use super::catalog::enter;
use super::fault::Fault;
use super::gateway::{GRACE, Gateway};
use crate::model::profile::Declared;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Caution {
    #[error(
        "view `{view}` filters rows without `security_barrier`: a condition that fails on a hidden row tells of it"
    )]
    LeakyView { view: String },
    #[error("`{login}` has no `temp_file_limit`: one sort can fill the disk of the warehouse")]
    UnboundedFiles { login: String },
    #[error("`{login}` has no connection limit")]
    UnboundedConnections { login: String },
    #[error(
        "`{login}` may open {limit} connections, but the pool wants {wanted}, one of them to stop statements with"
    )]
    TooFewConnections { login: String, limit: i32, wanted: usize },
}

/// An empty list means that nothing is left to tighten.
pub async fn cautions(gateway: &Gateway, declared: &[Declared]) -> Result<Vec<Caution>, Fault> {
    let gateway = &gateway.0;
    let mut lease = enter(gateway, "portcullis cautions").await?;
    let wanted = gateway.servers.home.pool.size() + 1;
    match timeout(gateway.patience.statement + GRACE, look(&mut lease.connection, declared, wanted)).await {
        Ok(Ok(cautions)) => {
            lease.settle();
            Ok(cautions)
        }
        Ok(Err(error)) => Err(Fault::entering(&error)),
        Err(_elapsed) => Err(Fault::unavailable("it did not answer")),
    }
}

async fn look(
    connection: &mut PgConnection,
    declared: &[Declared],
    wanted: usize,
) -> sqlx::Result<Vec<Caution>> {
    let schemas: Vec<&str> = declared.iter().map(|relation| relation.schema.as_str()).collect();
    let names: Vec<&str> = declared.iter().map(|relation| relation.name.as_str()).collect();
    let row = sqlx::query(include_str!("cautions.sql"))
        .bind(schemas)
        .bind(names)
        .persistent(false)
        .fetch_one(connection)
        .await?;
    let login: String = row.try_get("login")?;
    let views: Vec<String> = row.try_get("leaky_views")?;
    let mut cautions: Vec<Caution> = views.into_iter().map(|view| Caution::LeakyView { view }).collect();
    if row.try_get("unbounded_files")? {
        cautions.push(Caution::UnboundedFiles { login: login.clone() });
    }
    let limit: i32 = row.try_get("connections")?;
    match usize::try_from(limit) {
        Err(_none) => cautions.push(Caution::UnboundedConnections { login }),
        Ok(connections) if connections < wanted => {
            cautions.push(Caution::TooFewConnections { login, limit, wanted });
        }
        Ok(_) => {}
    }
    Ok(cautions)
}
