//! What stands before the agent's statement: `begin`, and a statement that takes the transaction's snapshot, after which
//! PostgreSQL lets nobody turn read-only off, sets everything that the agent's statement must run under, and enters the
//! profile's role as its last deed.
//!
//! Both go out as one message of the simple protocol, because each message is waited for. The server stops at the first
//! that fails, so the settings are never made outside of the transaction, and the agent's statement, a message of its own,
//! is not sent before both were confirmed. Every value in the text is quoted here.
//!
//! Every setting is local to the transaction and set anew for each statement, so a mistake lasts for one transaction at
//! most. `row_security` and `standard_conforming_strings` decide what the gate's text means, the output styles decide
//! what the rows look like, and notices are silenced because a function can put rows into them.
//! `client_connection_check_interval` lets the server notice that we are gone while a statement runs; PostgreSQL 14 can
//! do that on Linux alone, and refuses the setting elsewhere.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::fault::Fault;
use super::gateway::{GRACE, GatewayOptions};
use super::standing::{STANDING, Standing};

pub(super) const BEGIN: &str = "begin isolation level repeatable read, read only";
/// Locks of the session are all that a rollback leaves behind of a statement that only read.
pub(super) const ROLLBACK: &str = "rollback; select pg_catalog.pg_advisory_unlock_all()";

/// The first version that knows `transaction_timeout`.
const KNOWS_TRANSACTION_TIMEOUT: u32 = 17_00_00;

const NOTICE_OUR_DEATH: &str = ", pg_catalog.set_config('client_connection_check_interval', \
     case when pg_catalog.version() like '%linux%' then '1s' else '0' end, true)";

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
    role: String,
    search_path: String,
    statement_timeout: String,
    lock_timeout: String,
    idle_timeout: String,
    last_resort: String,
    /// The names of the profile's own settings.
    context: Vec<String>,
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
        Self {
            role: options.role.clone(),
            search_path: search_path(&options.extension_schemas),
            statement_timeout: milliseconds(timeouts.statement),
            lock_timeout: milliseconds(timeouts.lock),
            idle_timeout: milliseconds(timeouts.idle_in_transaction),
            last_resort: milliseconds(timeouts.statement + 4 * GRACE),
            context: options.context.clone(),
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
        self.context.len()
    }

    /// Begins a transaction and enters the role in it; tells who is at the other end.
    pub(super) async fn enter(
        &self,
        connection: &mut PgConnection,
        entry: &Entry<'_>,
    ) -> Result<(Backend, Standing), Fault> {
        let expected = self.context.len();
        if entry.context.len() != expected {
            return Err(Fault::misconfigured(format!(
                "the profile has {expected} context settings, not as many values"
            )));
        }
        let version = connection.server_version_num().unwrap_or_default();
        let text = self.text(entry, version >= KNOWS_TRANSACTION_TIMEOUT);
        // The text would end there.
        if text.contains('\0') {
            return Err(Fault::misconfigured("a setting cannot hold a NUL"));
        }
        let row = sqlx::raw_sql(AssertSqlSafe(text)).fetch_one(&mut *connection).await;
        let (pid, read_only, standing): (i32, String, Standing) = row
            .and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?, Standing::read(&row, 2)?)))
            .map_err(|error| Fault::entering(&error))?;
        if read_only != "on" {
            return Err(Fault::misconfigured("the transaction is not read-only"));
        }
        Ok((Backend { pid, name: entry.name.clone() }, standing))
    }

    fn text(&self, entry: &Entry<'_>, knows_transaction_timeout: bool) -> String {
        let mut text = String::with_capacity(2048);
        text.extend([
            BEGIN,
            "; select pg_catalog.pg_backend_pid(), pg_catalog.current_setting('transaction_read_only')",
            STANDING,
            NOTICE_OUR_DEATH,
        ]);
        let mut set = |name: &str, value: &str| {
            text.extend([", pg_catalog.set_config('", name, "', "]);
            literal(&mut text, value);
            text.push_str(", true)");
        };
        set("search_path", &self.search_path);
        set("statement_timeout", &self.statement_timeout);
        set("lock_timeout", &self.lock_timeout);
        set("idle_in_transaction_session_timeout", &self.idle_timeout);
        set("application_name", &entry.name);
        for (name, value) in CONSTANT {
            set(name, value);
        }
        if knows_transaction_timeout {
            set("transaction_timeout", &self.last_resort);
        }
        for (name, value) in self.context.iter().zip(entry.context) {
            set(name, value);
        }
        set("role", &self.role);
        text
    }
}

/// A string constant that means the same whatever `standard_conforming_strings` and `backslash_quote` say. The driver
/// speaks UTF-8, in which neither sign is ever a part of another.
fn literal(text: &mut String, value: &str) {
    text.push_str("E'");
    for c in value.chars() {
        if matches!(c, '\'' | '\\') {
            text.push(c);
        }
        text.push(c);
    }
    text.push('\'');
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
    use super::{Entry, Guard, literal, search_path};

    #[test]
    fn the_role_is_entered_last() {
        let word = |word: &str| word.to_owned();
        let guard = Guard {
            role: word("reader"),
            search_path: word("pg_catalog"),
            statement_timeout: word("5000"),
            lock_timeout: word("1000"),
            idle_timeout: word("10000"),
            last_resort: word("7000"),
            context: vec![word("app.tenant")],
        };
        let entry = Entry { name: word("portcullis"), context: &[word("o'hara")] };
        let text = guard.text(&entry, true);
        let end =
            "set_config('app.tenant', E'o''hara', true), pg_catalog.set_config('role', E'reader', true)";
        assert!(text.starts_with("begin isolation level repeatable read, read only; select "), "{text}");
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn a_value_cannot_leave_its_quotes() {
        let mut text = String::new();
        literal(&mut text, r"it's a \' -- é");
        assert_eq!(text, r"E'it''s a \\'' -- é'");
    }

    #[test]
    fn a_schema_cannot_leave_its_quotes() {
        assert_eq!(
            search_path(&["ext".to_owned(), "a\", b".to_owned()]),
            r#"pg_catalog, "ext", "a"", b", pg_temp"#
        );
    }
}
