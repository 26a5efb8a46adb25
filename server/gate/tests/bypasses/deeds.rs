//! Statements that do more than read: look a name up, run text, write, lock, outlive their transaction.

use super::refused;
use gate::Reason::*;

#[test]
fn casts_that_look_names_up() {
    refused(
        DisallowedConstruct,
        &[
            "select 'secrets'::regclass",
            "select 1259::regclass",
            "select 1259::oid::regclass::text",
            "select 'secrets'::pg_catalog.regclass",
            "select regclass 'secrets'",
            "select cast('pg_sleep' as regproc)",
            "select 'x'::name",
            "select 'x'::\"char\"",
            "select '1'::xid",
            "select '0/0'::pg_lsn",
            "select '<a/>'::xml",
            "select null::customers",
            "select null::public.secrets",
            "select '(1,x)'::secrets",
            "select 'x'::public.text",
            "select '{secrets}'::regclass[]",
            "select 'english'::regconfig",
            "select cstring 'x'",
            "select 'x'::unknown",
            "select 1::\"int\"",
        ],
    );
}

#[test]
fn functions_that_run_sql_or_leave_the_role() {
    refused(
        DisallowedFunction,
        &[
            "select set_config('role', 'none', true)",
            "select query_to_xml('select 1', true, false, '')",
            "select ts_stat('select 1')",
            "select ts_rewrite('a'::tsquery, 'select 1')",
            "select cursor_to_xml('c', 1, true, true, '')",
            "select pg_catalog.set_config('role', 'none', true)",
            "select \"pg_catalog\".\"pg_sleep\"(1)",
            "select pg_sleep_for('1 s')",
            "select currtid2('secrets', '(0,1)')",
            "select lo_get(1)",
            "select xmlparse(document '<a/>')",
            "select nextval('s')",
            "select current_user",
            "select current_schema",
            "select session_user",
            "select system_user",
            "select current_catalog",
            "select textin('x')",
            "select regclassout(1)",
            "select int4('1')",
            "select json_populate_record(null, '{}')",
            "select setseed(0.5)",
            "select hashtext('x')",
            "select count(pg_advisory_lock(id)) from orders",
            "select coalesce(null, pg_sleep(1))",
            "select array(select pg_sleep(1))",
        ],
    );
    refused(
        DisallowedConstruct,
        &["select id from customers limit (select 1)", "select id from customers limit 1 + 1"],
    );
}

#[test]
fn writes_and_locks_inside() {
    refused(
        WriteableCte,
        &[
            "with d as (delete from customers returning id) select id from d",
            "with d as (insert into customers(name) values ('x') returning id) select id from d",
            "select id from (with d as (update customers set name = 'x' returning id) select id from d) s",
        ],
    );
    refused(
        NonSelectRoot,
        &["with x as (select 1) delete from customers", "with x as (select 1) insert into orders values (1)"],
    );
    refused(
        SelectInto,
        &["select id into x from customers", "select 1 union select id into x from customers"],
    );
    refused(
        DisallowedConstruct,
        &["select id from customers for update", "select id from (select id from customers for share) s"],
    );
}

#[test]
fn calls_that_outrun_the_clock_or_outlive_the_transaction() {
    refused(
        DisallowedFunction,
        &[
            "select xpath('count(//*)', '<a/>')",
            "select normalize('x')",
            "select array_fill(1, array[134217727])",
            "select pg_sleep(1)",
            "select lo_creat(-1)",
            "select lo_create(0)",
            "select lo_from_bytea(0, 'x')",
            "select pg_notify('c', 'x')",
            "select txid_current()",
            "select pg_current_xact_id()",
            "select pg_logical_emit_message(false, 'x', 'y')",
            "select pg_export_snapshot()",
            "select pg_try_advisory_lock(1)",
            "select pg_terminate_backend(1)",
            "select pg_cancel_backend(1)",
            "select pg_read_file('x')",
            "select dblink('host=evil', 'select 1')",
        ],
    );
    refused(
        NonSelectRoot,
        &["lock table customers in access share mode", "listen x", "copy customers to program 'sh'"],
    );
    refused(DisallowedConstruct, &["select id from xmltable('/a' passing '<a/>' columns id int)"]);
}
