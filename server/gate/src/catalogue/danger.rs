//! Why well-known functions are not on the list. For better words only: what is not listed is refused anyway.

/// What a function could do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Danger {
    Settings,
    RunsSql,
    Network,
    Files,
    LargeObjects,
    Waits,
    Locks,
    Signals,
    Writes,
    Sequences,
    Catalogue,
    Identity,
    Xml,
    Amplifies,
    RowType,
}

impl Danger {
    /// What it is that the function does, after its name.
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Settings => "changes or reads settings of the session",
            Self::RunsSql => "runs SQL or reads tables named by text",
            Self::Network => "reaches other servers",
            Self::Files => "reads files of the server",
            Self::LargeObjects => "reads or writes large objects",
            Self::Waits => "waits",
            Self::Locks => "takes locks",
            Self::Signals => "sends signals or notifications",
            Self::Writes => "writes to the log or to the state of transactions",
            Self::Sequences => "reads or changes sequences",
            Self::Catalogue => "reads the catalogue or the state of the server",
            Self::Identity => "tells about the server, the database or the role",
            Self::Xml => "parses XML, which cannot be interrupted",
            Self::Amplifies => "can make a huge value out of a small one",
            Self::RowType => "needs a row type",
        }
    }

    /// What to use instead.
    pub(crate) const fn advice(self) -> &'static str {
        match self {
            Self::Settings | Self::Identity => {
                "settings, roles and versions cannot be read here; leave the call out and query the tables themselves"
            }
            Self::RunsSql => "write the inner query as a subquery or a join over readable tables",
            Self::Network | Self::Files | Self::LargeObjects => "only the readable tables can be queried",
            Self::Waits => "leave the call out; queries need not wait",
            Self::Locks | Self::Signals | Self::Writes => {
                "leave the call out; reading needs neither locks nor writes"
            }
            Self::Sequences => "use max() of the key column, or row_number() OVER (ORDER BY ...)",
            Self::Catalogue => "use the tools `list_tables` and `describe_table` to explore",
            Self::Xml => "use text, regular expressions or jsonb instead of XML",
            Self::Amplifies => "use concat(), to_char() or lpad(x, n) with a literal n of at most 1000",
            Self::RowType => "take single fields with -> and ->>, as in doc->>'name'",
        }
    }
}

/// Why a well-known function must stay closed, as a sentence without its subject.
#[must_use]
pub fn why_not(name: &str) -> Option<&'static str> {
    danger_of(name).map(Danger::message)
}

pub(crate) fn danger_of(name: &str) -> Option<Danger> {
    exact(name).or_else(|| by_prefix(name))
}

#[rustfmt::skip]
fn exact(name: &str) -> Option<Danger> {
    Some(match name {
        "set_config" | "current_setting" | "setseed" => Danger::Settings,
        "ts_stat" | "ts_rewrite" | "crosstab" | "crosstab2" | "crosstab3" | "crosstab4" | "connectby"
        | "xpath_table" | "cursor_to_xml" | "cursor_to_xmlschema" | "currtid" | "currtid2" => Danger::RunsSql,
        "http" => Danger::Network,
        "pg_stat_file" | "pg_current_logfile" | "pg_hba_file_rules" | "pg_config" | "pg_show_all_file_settings" => {
            Danger::Files
        }
        "loread" | "lowrite" => Danger::LargeObjects,
        "pg_terminate_backend" | "pg_cancel_backend" | "pg_reload_conf" | "pg_notify" | "pg_promote" => {
            Danger::Signals
        }
        "pg_export_snapshot" | "pg_switch_wal" | "pg_logical_emit_message" => Danger::Writes,
        "nextval" | "setval" | "currval" | "lastval" | "pg_get_serial_sequence" => Danger::Sequences,
        "obj_description" | "col_description" | "shobj_description" | "format_type" | "regclass" | "mxid_age" => {
            Danger::Catalogue
        }
        "version" | "current_user" | "session_user" | "user" | "current_role" | "current_catalog" | "system_user"
        | "current_database" | "current_schema" | "current_schemas" | "current_query" | "getpgusername"
        | "getdatabaseencoding" | "pg_backend_pid" | "pg_client_encoding" => Danger::Identity,
        "repeat" | "format" | "array_fill" | "factorial" | "normalize" | "is_normalized" => Danger::Amplifies,
        "json_to_record" | "json_to_recordset" | "jsonb_to_record" | "jsonb_to_recordset" | "json_populate_record"
        | "json_populate_recordset" | "jsonb_populate_record" | "jsonb_populate_recordset" | "json_table" => {
            Danger::RowType
        }
        _ => return None,
    })
}

fn by_prefix(name: &str) -> Option<Danger> {
    const PREFIXES: &[(&str, Danger)] = &[
        ("query_to_xml", Danger::RunsSql),
        ("table_to_xml", Danger::RunsSql),
        ("schema_to_xml", Danger::RunsSql),
        ("database_to_xml", Danger::RunsSql),
        ("dblink", Danger::Network),
        ("http_", Danger::Network),
        ("postgres_fdw_", Danger::Network),
        ("pg_read_", Danger::Files),
        ("pg_ls_", Danger::Files),
        ("pg_file_", Danger::Files),
        ("lo_", Danger::LargeObjects),
        ("pg_sleep", Danger::Waits),
        ("pg_advisory_", Danger::Locks),
        ("pg_try_advisory_", Danger::Locks),
        ("txid_", Danger::Writes),
        ("pg_current_xact_id", Danger::Writes),
        ("has_", Danger::Catalogue),
        ("to_reg", Danger::Catalogue),
        ("inet_server_", Danger::Identity),
        ("inet_client_", Danger::Identity),
        ("xpath", Danger::Xml),
        ("xml", Danger::Xml),
        ("pg_", Danger::Catalogue),
    ];
    PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|&(_, danger)| danger)
}
