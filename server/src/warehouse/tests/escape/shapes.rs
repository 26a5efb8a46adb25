//! What strangers try, and which layer stops it: by the gate's reason, by an SQLSTATE of PostgreSQL, by a timeout, or by
//! leaving nothing behind.

/// One thing to try.
pub(super) struct Shape {
    pub(super) what: &'static str,
    pub(super) sql: &'static str,
    /// How many columns its answer has.
    pub(super) columns: usize,
    pub(super) harm: Harm,
    /// Gate, run, role, protocol.
    pub(super) stopped: [&'static str; 4],
}

/// By what it is known that it worked.
pub(super) enum Harm {
    /// There is an answer at all.
    Answer,
    /// An administrator sees what it left behind: this is true.
    Left(&'static str),
    /// The next statement of the session sees what it left behind: this is true.
    Next(&'static str),
    /// It goes on and on.
    Slow,
    /// More arrives than anybody wanted.
    Much,
    /// Somebody else is told.
    Heard,
}

pub(super) const CHANNEL: &str = "escape";

pub(super) const SETUP: &str = "
    create table public.orders as select g as id, g::numeric as total from generate_series(1, 200) as g;
    create table public.wide as select g as id, repeat(md5(g::text), 8) as pad from generate_series(1, 50000) as g;
    create table public.big as select repeat('x', 5000000) as cell;
    create schema hr;
    create table hr.secrets as select 'token' as token;
    create sequence public.numbers;
    create function public.leak() returns text language sql security definer as 'select token from hr.secrets';
    create role stranger;
    grant select on hr.secrets to stranger;
    grant usage on schema hr to stranger";

pub(super) const RESET: &str = "
    drop table if exists public.planted;
    delete from public.orders where id = 0;
    insert into public.orders select 1, 1 where not exists (select from public.orders where id = 1);
    alter sequence public.numbers restart;
    select lo_unlink(oid) from pg_catalog.pg_largeobject_metadata";

const PLANTED: Harm = Harm::Left("select to_regclass('public.planted') is not null");
const DELETED: Harm = Harm::Left("select not exists (select from public.orders where id = 1)");

const fn shape(what: &'static str, sql: &'static str, harm: Harm, stopped: [&'static str; 4]) -> Shape {
    Shape { what, sql, columns: 1, harm, stopped }
}

pub(super) const SHAPES: &[Shape] = &[
    // Writing.
    shape(
        "`insert`",
        "insert into public.orders values (0, 0)",
        Harm::Left("select exists (select from public.orders where id = 0)"),
        ["non_select_root", "42601", "42501", "–"],
    ),
    shape(
        "`delete` inside `with`",
        "with d as (delete from public.orders where id = 1 returning id) select id from d",
        DELETED,
        ["writeable_cte", "0A000", "42501", "–"],
    ),
    shape(
        "`create table`",
        "create table public.planted (id int)",
        PLANTED,
        ["non_select_root", "42601", "42501", "–"],
    ),
    shape(
        "`select into`",
        "select 1 as id into public.planted",
        PLANTED,
        ["select_into", "42601", "42501", "–"],
    ),
    shape(
        "a temporary table",
        "create temporary table planted (id int)",
        Harm::Answer,
        ["non_select_root", "42601", "42501", "–"],
    ),
    shape(
        "`for update`",
        "select id from public.orders where id = 1 for update",
        Harm::Answer,
        ["disallowed_construct", "25006", "42501", "–"],
    ),
    shape(
        "`nextval`",
        "select nextval('public.numbers')",
        Harm::Left("select is_called from public.numbers"),
        ["disallowed_function", "25006", "42501", "–"],
    ),
    shape(
        "a large object",
        "select lo_from_bytea(0, 'x')",
        Harm::Left("select exists (select from pg_catalog.pg_largeobject_metadata)"),
        ["disallowed_function", "bounded", "–", "–"],
    ),
    shape(
        "`copy ... to program`",
        "copy (select 1) to program 'cat > /dev/null'",
        Harm::Answer,
        ["non_select_root", "42601", "42501", "–"],
    ),
    // Several statements.
    shape(
        "a second statement",
        "select 1; delete from public.orders where id = 1",
        DELETED,
        ["multi_statement", "42601", "42501", "42601"],
    ),
    shape(
        "a bracket that ends our own",
        "select 1) as q(c1) limit 1; delete from public.orders where id = 1; select (1",
        DELETED,
        ["multi_statement", "42601", "42601", "42601"],
    ),
    // Becoming somebody else.
    shape("`set role`", "set role stranger", Harm::Answer, ["non_select_root", "42601", "42501", "–"]),
    shape(
        "`set_config('role', ...)`, for good",
        "select set_config('role', 'stranger', false)",
        Harm::Next("select current_user = 'stranger'"),
        ["disallowed_function", "bounded", "42501", "–"],
    ),
    shape(
        "`set_config('statement_timeout', ...)`, for good",
        "select set_config('statement_timeout', '0', false)",
        Harm::Next("select current_setting('statement_timeout') = '0'"),
        ["disallowed_function", "bounded", "–", "–"],
    ),
    shape(
        "`set_config('transaction_read_only', ...)`",
        "select set_config('transaction_read_only', 'off', true)",
        Harm::Answer,
        ["disallowed_function", "25001", "–", "–"],
    ),
    // Reading what is not theirs.
    shape(
        "another profile's table",
        "select token from hr.secrets",
        Harm::Answer,
        ["disallowed_table", "–", "42501", "–"],
    ),
    shape(
        "the same inside `query_to_xml`",
        "select query_to_xml('select token from hr.secrets', true, true, '')::text",
        Harm::Answer,
        ["disallowed_function", "–", "42501", "–"],
    ),
    shape(
        "a file of the server",
        "select pg_read_file('PG_VERSION')",
        Harm::Answer,
        ["disallowed_function", "–", "42501", "–"],
    ),
    shape(
        "password hashes",
        "select rolpassword from pg_catalog.pg_authid limit 1",
        Harm::Answer,
        ["system_schema", "–", "42501", "–"],
    ),
    shape(
        "the catalogue, which everybody may read",
        "select rolname::text from pg_catalog.pg_roles limit 1",
        Harm::Answer,
        ["system_schema", "–", "–", "–"],
    ),
    shape(
        "a name by its number (`1259::regclass`)",
        "select 1259::regclass::text",
        Harm::Answer,
        ["disallowed_construct", "–", "–", "–"],
    ),
    shape(
        "a `security definer` function left to everybody",
        "select public.leak()",
        Harm::Answer,
        ["disallowed_function", "–", "–", "–"],
    ),
    // Standing in the way of others.
    shape(
        "`pg_sleep`",
        "select pg_sleep(20)::text",
        Harm::Slow,
        ["disallowed_function", "timeout", "–", "–"],
    ),
    shape(
        "`pg_sleep` as a field of a number",
        "select ((20::float8).pg_sleep)::text",
        Harm::Slow,
        ["disallowed_construct", "timeout", "–", "–"],
    ),
    shape(
        "a join that never ends",
        "select count(*) from public.wide a cross join public.wide b cross join public.wide c",
        Harm::Slow,
        ["–", "timeout", "–", "–"],
    ),
    shape(
        "`xpath`, which does not look at the clock",
        "select xpath('count(//*[count(//*) > 0])', ('<a>' || repeat('<b/>', 60000) || '</a>')::xml)::text",
        Harm::Slow,
        ["disallowed_function", "timeout", "–", "–"],
    ),
    shape(
        "compiling it for minutes (`jit`)",
        "select pg_sleep(20)::text where current_setting('jit') = 'on'",
        Harm::Slow,
        ["disallowed_function", "bounded", "–", "–"],
    ),
    shape(
        "advisory locks, which fill the table that all sessions share",
        "select count(pg_advisory_lock(g)) from generate_series(1, 3000) as g",
        Harm::Left("select count(*) > 100 from pg_catalog.pg_locks where locktype = 'advisory'"),
        ["disallowed_construct", "bounded", "–", "–"],
    ),
    shape(
        "`pg_notify`",
        "select pg_notify('escape', 'x')::text",
        Harm::Heard,
        ["disallowed_function", "bounded", "–", "–"],
    ),
    shape(
        "filling the write-ahead log",
        "select pg_logical_emit_message(false, 'x', repeat('x', 100000))::text",
        Harm::Answer,
        ["disallowed_function", "–", "–", "–"],
    ),
    shape(
        "filling the disk with a sort",
        "select count(distinct pad) from public.wide",
        Harm::Answer,
        ["–", "–", "53400", "–"],
    ),
    shape(
        "doubling in the planner: 15 members of `with`, each the one before twice",
        DOUBLING,
        Harm::Answer,
        ["too_complex", "–", "–", "–"],
    ),
    // Filling our memory.
    shape("a cell of 5 MB", "select cell from public.big", Harm::Much, ["–", "bounded", "–", "–"]),
    shape("50,000 rows", "select pad from public.wide", Harm::Much, ["–", "bounded", "–", "–"]),
    shape(
        "a complaint that repeats a cell",
        "select cell::int from public.big",
        Harm::Much,
        ["–", "22P02", "–", "–"],
    ),
];

const DOUBLING: &str = "with a0 as (select 'x'::text as x), a1 as (select x||x as x from a0),
    a2 as (select x||x as x from a1), a3 as (select x||x as x from a2), a4 as (select x||x as x from a3),
    a5 as (select x||x as x from a4), a6 as (select x||x as x from a5), a7 as (select x||x as x from a6),
    a8 as (select x||x as x from a7), a9 as (select x||x as x from a8), a10 as (select x||x as x from a9),
    a11 as (select x||x as x from a10), a12 as (select x||x as x from a11), a13 as (select x||x as x from a12),
    a14 as (select x||x as x from a13), a15 as (select x||x as x from a14) select length(x) from a15";
