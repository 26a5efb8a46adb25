//! The statement that stands between `begin` and the agent's: it takes the transaction's snapshot, after which
//! PostgreSQL lets nobody turn read-only off, sets everything that the agent's statement must run under, and enters the
//! profile's role as its last deed.
//!
//! Every setting is local to the transaction and set anew for each statement, so a mistake lasts for one transaction at
//! most. `row_security` and `standard_conforming_strings` decide what the gate's text means, the output styles decide
//! what the rows look like, and notices are silenced because a function can put rows into them.
//! `client_connection_check_interval` lets the server notice that we are gone while a statement runs; PostgreSQL 14 can
//! do that on Linux alone, and refuses the setting elsewhere.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::fault::Fault;
use super::gateway::{GRACE, GatewayOptions};

pub(super) const BEGIN: &str = "begin isolation level repeatable read, read only";
/// Locks of the session are all that a rollback leaves behind of a statement that only read.
pub(super) const ROLLBACK: &str = "rollback; select pg_catalog.pg_advisory_unlock_all()";

/// The first version that knows `transaction_timeout`.
const KNOWS_TRANSACTION_TIMEOUT: u32 = 17_00_00;

/// Settings that are the same for everybody.
const CONSTANT: [(&str, &str); 8] = [
    ("DateStyle", "ISO"),
    ("IntervalStyle", "iso_8601"),
    ("bytea_output", "hex"),
    ("client_min_messages", "error"),
    ("extra_float_digits", "1"),
    ("jit", "off"),
    ("row_security", "on"),
    ("standard_conforming_strings", "on"),
];

#[derive(Debug)]
pub(super) struct Guard {
    text: Arc<str>,
    text_17: Arc<str>,
    role: String,
    search_path: String,
    statement_timeout: String,
    lock_timeout: String,
    idle_timeout: String,
    context: usize,
    /// Whether the statement stays prepared for the next transaction.
    persistent: bool,
}

/// Who enters.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// What `pg_stat_activity` shows as the name of the application.
    pub(super) name: String,
    /// A value for each context setting of the profile, in their order.
    pub(super) context: &'a [String],
}

/// The server process behind a connection, while it works for one entry.
#[derive(Debug, Clone)]
pub(super) struct Backend {
    pub(super) pid: i32,
    pub(super) name: String,
}

impl Guard {
    pub(super) fn new(options: &GatewayOptions) -> Self {
        let timeouts = options.timeouts;
        let last_resort = milliseconds(timeouts.statement + 4 * GRACE);
        Self {
            text: text(&options.context, None).into(),
            text_17: text(&options.context, Some(&last_resort)).into(),
            role: options.role.clone(),
            search_path: search_path(&options.extension_schemas),
            statement_timeout: milliseconds(timeouts.statement),
            lock_timeout: milliseconds(timeouts.lock),
            idle_timeout: milliseconds(timeouts.idle_in_transaction),
            context: options.context.len(),
            persistent: options.pooler.keeps_statements(),
        }
    }

    pub(super) fn role(&self) -> &str {
        &self.role
    }

    /// What must be in force once the role is entered, as `pg_settings` tells it.
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("transaction_read_only", "on".to_owned()),
            ("statement_timeout", self.statement_timeout.clone()),
            ("lock_timeout", self.lock_timeout.clone()),
            ("idle_in_transaction_session_timeout", self.idle_timeout.clone()),
            ("search_path", self.search_path.clone()),
            ("row_security", "on".to_owned()),
            ("jit", "off".to_owned()),
        ]
    }

    pub(super) fn context_settings(&self) -> usize {
        self.context
    }

    /// Begins a transaction and enters the role in it.
    pub(super) async fn enter(
        &self,
        connection: &mut PgConnection,
        entry: &Entry<'_>,
    ) -> Result<Backend, Fault> {
        if entry.context.len() != self.context {
            let expected = self.context;
            return Err(Fault::misconfigured(format!(
                "the profile has {expected} context settings, not as many values"
            )));
        }
        sqlx::raw_sql(BEGIN).execute(&mut *connection).await.map_err(|error| Fault::entering(&error))?;
        let row = self.fetch(connection, entry).await.map_err(|error| Fault::entering(&error))?;
        let (pid, read_only): (i32, String) = row
            .try_get(0)
            .and_then(|pid| Ok((pid, row.try_get(1)?)))
            .map_err(|error| Fault::entering(&error))?;
        if read_only != "on" {
            return Err(Fault::misconfigured("the transaction is not read-only"));
        }
        Ok(Backend { pid, name: entry.name.clone() })
    }

    async fn fetch(&self, connection: &mut PgConnection, entry: &Entry<'_>) -> sqlx::Result<PgRow> {
        let version = connection.server_version_num().unwrap_or_default();
        let text = if version < KNOWS_TRANSACTION_TIMEOUT { &self.text } else { &self.text_17 };
        let mut query = sqlx::query(AssertSqlSafe(Arc::clone(text)))
            .bind(&self.search_path)
            .bind(&self.statement_timeout)
            .bind(&self.lock_timeout)
            .bind(&self.idle_timeout)
            .bind(&entry.name)
            .bind(&self.role);
        for value in entry.context {
            query = query.bind(value);
        }
        query.persistent(self.persistent).fetch_one(connection).await
    }
}

fn text(context: &[String], transaction_timeout: Option<&str>) -> String {
    let mut text = String::from(
        "select pg_catalog.pg_backend_pid(), pg_catalog.current_setting('transaction_read_only'), \
         pg_catalog.set_config('search_path', $1, true), \
         pg_catalog.set_config('statement_timeout', $2, true), \
         pg_catalog.set_config('lock_timeout', $3, true), \
         pg_catalog.set_config('idle_in_transaction_session_timeout', $4, true), \
         pg_catalog.set_config('application_name', $5, true), \
         pg_catalog.set_config('client_connection_check_interval', \
         case when pg_catalog.version() like '%linux%' then '1s' else '0' end, true)",
    );
    let mut set = |name: &str, value: &str| {
        text.extend([", pg_catalog.set_config('", name, "', ", value, ", true)"]);
    };
    for (name, value) in CONSTANT {
        set(name, &format!("'{value}'"));
    }
    if let Some(timeout) = transaction_timeout {
        set("transaction_timeout", &format!("'{timeout}'"));
    }
    for (number, name) in (7..).zip(context) {
        set(name, &format!("${number}"));
    }
    set("role", "$6");
    text
}

/// `pg_temp` stands last because a path that does not name it is searched there first.
fn search_path(extension_schemas: &[String]) -> String {
    let mut path = String::from("pg_catalog");
    for schema in extension_schemas {
        path.extend([", \"", &schema.replace('"', "\"\""), "\""]);
    }
    path.push_str(", pg_temp");
    path
}

fn milliseconds(duration: Duration) -> String {
    duration.as_millis().to_string()
}

#[cfg(test)]
mod tests {
    use super::{search_path, text};

    #[test]
    fn the_role_is_entered_last() {
        let text = text(&["app.tenant".to_owned()], Some("7000"));
        assert!(
            text.ends_with("set_config('app.tenant', $7, true), pg_catalog.set_config('role', $6, true)"),
            "{text}"
        );
    }

    #[test]
    fn a_schema_cannot_leave_its_quotes() {
        assert_eq!(
            search_path(&["ext".to_owned(), "a\", b".to_owned()]),
            r#"pg_catalog, "ext", "a"", b", pg_temp"#
        );
    }
}
