//! The roles themselves, and what they may do besides reading relations.

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use crate::model::reach::{
    DefaultPrivilege, Grantee, Membership, Owned, Power, PowerKind, Reach, Role, SchemaGrant, Traits,
};

pub(super) async fn read(connection: &mut PgConnection, names: &[String]) -> sqlx::Result<Reach> {
    let mut reach = Reach::default();
    for row in rows(connection, include_str!("roles.sql"), names).await? {
        reach.database = row.try_get("database")?;
        reach.database_owner = row.try_get("database_owner")?;
        let traits = Traits {
            powers: row.try_get("powers")?,
            can_log_in: row.try_get("can_log_in")?,
            inherits: row.try_get("inherits")?,
        };
        let traits = row.try_get::<bool, _>("is_there")?.then_some(traits);
        let name = row.try_get("name")?;
        reach.roles.push(Role { name, traits, memberships: Vec::new(), owned: Vec::new() });
    }
    for row in rows(connection, include_str!("memberships.sql"), names).await? {
        let membership = Membership { name: row.try_get("name")?, leads_to: row.try_get("leads_to")? };
        if let Some(role) = role(&mut reach, row.try_get("member")?) {
            role.memberships.push(membership);
        }
    }
    for row in rows(connection, include_str!("owned.sql"), names).await? {
        let owned = Owned { kind: row.try_get("kind")?, name: row.try_get("name")? };
        if let Some(role) = role(&mut reach, row.try_get("owner")?) {
            role.owned.push(owned);
        }
    }
    let found = rows(connection, include_str!("schemas.sql"), names).await?;
    reach.schemas = found.iter().map(schema).collect::<sqlx::Result<_>>()?;
    let found = rows(connection, include_str!("powers.sql"), names).await?;
    reach.powers = found.iter().map(power).collect::<sqlx::Result<_>>()?;
    let found = rows(connection, include_str!("defaults.sql"), names).await?;
    reach.defaults = found.iter().map(default).collect::<sqlx::Result<_>>()?;
    Ok(reach)
}

async fn rows(
    connection: &mut PgConnection,
    sql: &'static str,
    names: &[String],
) -> sqlx::Result<Vec<PgRow>> {
    sqlx::query(sql).bind(names).persistent(false).fetch_all(connection).await
}

fn role<'a>(reach: &'a mut Reach, name: &str) -> Option<&'a mut Role> {
    reach.roles.iter_mut().find(|role| role.name == name)
}

fn schema(row: &PgRow) -> sqlx::Result<SchemaGrant> {
    Ok(SchemaGrant {
        schema: row.try_get("schema")?,
        role: row.try_get("role")?,
        privilege: row.try_get("privilege")?,
        is_grantable: row.try_get("is_grantable")?,
    })
}

fn power(row: &PgRow) -> sqlx::Result<Power> {
    let role: String = row.try_get("role")?;
    let through = if row.try_get("through_public")? {
        Some(Grantee::Public)
    } else if row.try_get("through_role")? {
        Some(Grantee::Role(role.clone()))
    } else {
        None
    };
    Ok(Power {
        kind: match row.try_get("kind")? {
            "create" => PowerKind::Create,
            "temporary" => PowerKind::Temporary,
            "definer_function" => PowerKind::DefinerFunction,
            "volatile_function" => PowerKind::VolatileFunction,
            "large_object" => PowerKind::LargeObject,
            _ => PowerKind::ForeignServer,
        },
        role,
        privilege: row.try_get("privilege")?,
        object: row.try_get("object")?,
        more: row.try_get("more")?,
        through,
        extension: row.try_get("extension")?,
    })
}

fn default(row: &PgRow) -> sqlx::Result<DefaultPrivilege> {
    Ok(DefaultPrivilege {
        creator: row.try_get("creator")?,
        schema: row.try_get("schema")?,
        objects: row.try_get("objects")?,
        privilege: row.try_get("privilege")?,
        grantee: row.try_get::<Option<String>, _>("grantee")?.map_or(Grantee::Public, Grantee::Role),
    })
}
