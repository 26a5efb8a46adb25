//! What `portcullis demo` finds in its PostgreSQL: the roles, the empty database of the store, and a sample shop as the
//! warehouse.

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::{Cluster, EmbeddedError, SUPERUSER};

/// The database of the store, and its two roles: the one that migrates it, the one that works in it.
pub const STORE: &str = "portcullis";
pub const STORE_OWNER: &str = "portcullis_owner";
pub const STORE_APP: &str = "portcullis_app";

/// The database of the sample shop, and the login role of each profile.
pub const WAREHOUSE: &str = "shop";
pub const SUPPORT_LOGIN: &str = "portcullis_support_gateway";
pub const ANALYST_LOGIN: &str = "portcullis_analyst_gateway";

const WAREHOUSE_OWNER: &str = "shop_owner";

const ROLES_SQL: &str = include_str!("../../../sql/demo/roles.sql");
const STORE_SQL: &str = include_str!("../../../sql/demo/store.sql");
const SHOP_SQL: [(&str, &str); 3] = [
    ("create the tables of the sample shop", include_str!("../../../sql/demo/shop_tables.sql")),
    ("fill the sample shop", include_str!("../../../sql/demo/shop_rows.sql")),
    ("open the sample shop to the profiles", include_str!("../../../sql/demo/shop_access.sql")),
];

/// Brings the cluster to where the demo can begin, from wherever an earlier or an interrupted call left it.
pub async fn seed(cluster: &Cluster) -> Result<(), EmbeddedError> {
    seed_in_part(cluster, 100).await
}

/// The same shop with a hundredth of its rows, in a tenth of a second: for tests.
pub async fn seed_small(cluster: &Cluster) -> Result<(), EmbeddedError> {
    seed_in_part(cluster, 1).await
}

async fn seed_in_part(cluster: &Cluster, per_cent: u8) -> Result<(), EmbeddedError> {
    let mut root = connect(cluster, "postgres").await?;
    run(&mut root, "create the roles", ROLES_SQL).await?;
    create_database(&mut root, STORE, STORE_OWNER).await?;
    create_database(&mut root, WAREHOUSE, WAREHOUSE_OWNER).await?;
    close(root).await?;

    let mut store = connect(cluster, STORE).await?;
    run(&mut store, "open the database of the store", STORE_SQL).await?;
    close(store).await?;

    let mut shop = connect(cluster, WAREHOUSE).await?;
    if !is_filled(&mut shop).await? {
        fill(&mut shop, per_cent).await?;
    }
    close(shop).await
}

/// One transaction: an interrupted start leaves nothing, so the tables are the mark that all of it is there.
async fn fill(shop: &mut PgConnection, per_cent: u8) -> Result<(), EmbeddedError> {
    tracing::info!("filling the sample shop");
    let deed = "fill the sample shop";
    let mut transaction = shop.begin().await.map_err(EmbeddedError::sql(deed))?;
    sqlx::query("select set_config('shop.scale', $1, true)")
        .bind(per_cent.to_string())
        .execute(&mut *transaction)
        .await
        .map_err(EmbeddedError::sql(deed))?;
    for (deed, sql) in SHOP_SQL {
        run(&mut transaction, deed, sql).await?;
    }
    transaction.commit().await.map_err(EmbeddedError::sql(deed))
}

async fn is_filled(shop: &mut PgConnection) -> Result<bool, EmbeddedError> {
    sqlx::query_scalar("select to_regclass('public.customers') is not null")
        .fetch_one(shop)
        .await
        .map_err(EmbeddedError::sql("look into the sample shop"))
}

async fn create_database(root: &mut PgConnection, name: &str, owner: &str) -> Result<(), EmbeddedError> {
    let deed = "create the databases";
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(&mut *root)
        .await
        .map_err(EmbeddedError::sql(deed))?;
    if exists {
        return Ok(());
    }
    // Both names are constants of this file.
    let sql = format!("create database {name} owner {owner}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(root).await.map_err(EmbeddedError::sql(deed))?;
    Ok(())
}

async fn run(
    connection: &mut PgConnection,
    deed: &'static str,
    sql: &'static str,
) -> Result<(), EmbeddedError> {
    sqlx::raw_sql(sql).execute(connection).await.map_err(EmbeddedError::sql(deed))?;
    Ok(())
}

async fn connect(cluster: &Cluster, database: &str) -> Result<PgConnection, EmbeddedError> {
    cluster
        .connect_options(SUPERUSER, database)
        .options([("client_min_messages", "warning")])
        .disable_statement_logging()
        .connect()
        .await
        .map_err(EmbeddedError::sql("connect to PostgreSQL"))
}

async fn close(connection: PgConnection) -> Result<(), EmbeddedError> {
    connection.close().await.map_err(EmbeddedError::sql("leave PostgreSQL"))
}
