//! Attacks that we try on ourselves. The corpus is built in: an [`Attack`] cannot be made anywhere else, so whoever takes
//! one takes nothing but what stands here.

/// A statement that nobody may get an answer to.
#[derive(Debug, PartialEq, Eq)]
pub struct Attack {
    name: &'static str,
    sql: &'static str,
    stops_at: Wall,
}

/// What must stop an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wall {
    /// The gate alone: to the database it is nothing special.
    Gate,
    /// The gate, and behind it what the role and the transaction allow.
    Database,
}

impl Attack {
    pub fn all() -> impl Iterator<Item = &'static Self> {
        CORPUS.iter()
    }

    /// Those that must fail although no gate stands before them.
    pub fn beyond_the_gate() -> impl Iterator<Item = &'static Self> {
        CORPUS.iter().filter(|attack| attack.stops_at == Wall::Database)
    }

    /// What it tries, in a few words.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    #[must_use]
    pub const fn sql(&self) -> &'static str {
        self.sql
    }
}

const fn database(name: &'static str, sql: &'static str) -> Attack {
    Attack { name, sql, stops_at: Wall::Database }
}

const fn gate(name: &'static str, sql: &'static str) -> Attack {
    Attack { name, sql, stops_at: Wall::Gate }
}

const CORPUS: &[Attack] = &[
    // Writing.
    database("create a table", "create table public.portcullis_self_test (id integer)"),
    database("create a temporary table", "create temporary table portcullis_self_test (id integer)"),
    database("select into a table", "select 1 as one into portcullis_self_test"),
    database(
        "create a function",
        "create function pg_temp.portcullis() returns int language sql as 'select 1'",
    ),
    database("create an extension", "create extension if not exists dblink"),
    database("change the catalogue", "update pg_catalog.pg_class set relname = relname where false"),
    database(
        "delete inside a select",
        "with gone as (delete from pg_catalog.pg_class where false returning oid) select oid from gone",
    ),
    database("grant oneself more", "grant pg_read_all_data to current_user"),
    // Getting out of the transaction and of the role.
    database("turn read-only off", "select pg_catalog.set_config('transaction_read_only', 'off', true)"),
    database("set the transaction to read and write", "set transaction read write"),
    database("say two statements", "select 1; select 2"),
    database("become the superuser", "set session authorization postgres"),
    database("become a monitor", "set role pg_monitor"),
    database(
        "leave the role and read in one statement",
        "select pg_catalog.set_config('role', 'none', true), \
         pg_catalog.query_to_xml('select rolpassword from pg_catalog.pg_authid', true, false, '')",
    ),
    database("silence the server's log", "select pg_catalog.set_config('log_statement', 'none', true)"),
    database("switch triggers off", "set session_replication_role = 'replica'"),
    gate("commit", "commit"),
    gate("roll back", "rollback"),
    gate("set a guard off", "select pg_catalog.set_config('statement_timeout', '0', true)"),
    gate("run a block", "do $$ begin null; end $$"),
    // Secrets.
    database("read passwords", "select rolname, rolpassword from pg_catalog.pg_authid"),
    database("read samples of columns", "select starelid, stavalues1 from pg_catalog.pg_statistic"),
    gate("read the source of functions", "select proname, prosrc from pg_catalog.pg_proc"),
    gate("read the schema of everything", "select table_schema, table_name from information_schema.tables"),
    gate("read a setting", "select pg_catalog.current_setting('data_directory')"),
    gate("read a table without its name", "table pg_catalog.pg_class"),
    gate("read through XML", "select pg_catalog.query_to_xml('select 1', true, false, '')"),
    // Files, programs, other servers.
    database("read a file", "select pg_catalog.pg_read_file('postgresql.conf')"),
    database("list a folder", "select pg_catalog.pg_ls_dir('.')"),
    database("run a program", "copy (select 1) to program 'true'"),
    database("write a file", "copy (select 1) to '/tmp/portcullis_self_test'"),
    database("load a file as a large object", "select pg_catalog.lo_import('/etc/hostname')"),
    database("reload the configuration", "select pg_catalog.pg_reload_conf()"),
    database("change the configuration", "alter system set archive_command = 'true'"),
    gate("make a large object", "select pg_catalog.lo_creat(-1)"),
    gate("notify somebody", "notify portcullis_self_test"),
    // Doing harm with what everybody may do.
    gate("sleep", "select pg_catalog.pg_sleep(60)"),
    gate("sleep by another spelling", "select u&\"pg\\005fsleep\"(60)"),
    gate("take a lock", "select pg_catalog.pg_advisory_lock(1)"),
    gate("end somebody's session", "select pg_catalog.pg_terminate_backend(0)"),
    gate("fill the memory", "select pg_catalog.repeat('x', 1000000000)"),
    gate("double and double again", DOUBLING),
];

/// A kilobyte that PostgreSQL's planner would make a million expressions of.
const DOUBLING: &str = "with a as (select 'x' || 'y' as x), b as (select x || x as x from a), c as (select x || x as x from b), \
    d as (select x || x as x from c), e as (select x || x as x from d), f as (select x || x as x from e), \
    g as (select x || x as x from f), h as (select x || x as x from g), i as (select x || x as x from h), \
    j as (select x || x as x from i), k as (select x || x as x from j), l as (select x || x as x from k), \
    m as (select x || x as x from l), n as (select x || x as x from m), o as (select x || x as x from n), \
    p as (select x || x as x from o), q as (select x || x as x from p), r as (select x || x as x from q), \
    s as (select x || x as x from r), t as (select x || x as x from s) select x from t";

#[cfg(test)]
mod tests {
    use super::Attack;
    use gate::{Policy, Surface};

    #[test]
    fn the_gate_refuses_all_of_them_whatever_is_open() {
        let nothing = Surface::new(Vec::new(), []);
        for attack in Attack::all() {
            let judged = gate::judge(attack.sql(), &nothing, &Policy::default());
            assert!(judged.is_err(), "{}", attack.name());
        }
    }
}
