//! Ways around a gate that were tried on real servers, each by the name of its shape.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

use gate::{Policy, Reason, Reason::*, judge};
use support::surface;

fn verdict(sql: &str) -> Result<String, Reason> {
    judge(sql, &surface(), &Policy::default()).map(|admitted| admitted.text().to_owned()).map_err(|refusal| {
        assert!(!refusal.is_our_fault(), "{sql}: {refusal}");
        refusal.reason
    })
}

#[track_caller]
fn refused(reason: Reason, statements: &[&str]) {
    for sql in statements {
        assert_eq!(verdict(sql), Err(reason), "{sql}");
    }
}

/// A statement that may run, but with the meaning that the printed text says.
#[track_caller]
fn admitted_as(sql: &str, text: &str) {
    assert_eq!(verdict(sql).as_deref(), Ok(text), "{sql}");
}

#[test]
fn a_column_reference_that_is_a_function_call() {
    refused(
        DisallowedColumn,
        &[
            "select c.to_json from customers c",
            "select c.count from customers c",
            "select c.row_to_json from customers c",
            "select q.row_to_json from (select id from customers) q",
            "with q as (select id from customers) select q.to_jsonb from q",
            "select c.leak from customers c",
            "select c.upper from customers c",
            "select public.customers.to_json from public.customers",
        ],
    );
}

#[test]
fn a_field_after_an_expression_that_is_a_function_call() {
    refused(
        DisallowedConstruct,
        &[
            "select (5::float8).pg_sleep",
            "select (42::bigint).pg_advisory_lock",
            "select ('server_version'::text).current_setting",
            "select ('select 1'::text).ts_stat",
            "select (c).name from customers c",
            "select (c.id).pg_sleep from customers c",
            "select (array[1])[1].pg_sleep",
            "select (select c from customers c).name",
        ],
    );
}

#[test]
fn a_literal_that_ends_early_when_it_is_printed() {
    admitted_as(
        r"SELECT '\'' , (SELECT token FROM public.secrets) --' AS x",
        r#"select E'\\\' , (SELECT token FROM public.secrets) --' as "x""#,
    );
    refused(DisallowedConstruct, &[r"SELECT N'\'' , (SELECT token FROM public.secrets) --'"]);
    admitted_as(
        r#"SELECT id AS "a\""" FROM customers"#,
        r#"select "customers"."id" as "a\""" from "public"."customers" as "customers""#,
    );
    refused(ParseError, &["SELECT 'a' AS x, 'b"]);
}

#[test]
fn signs_that_would_become_a_comment() {
    admitted_as("select - - 2", r#"select - (- 2) as "?column?""#);
    admitted_as("select 1 - -2", r#"select 1 - (- 2) as "?column?""#);
    admitted_as("select 1 --2 from (select", r#"select 1 as "?column?""#);
}

#[test]
fn escaped_spellings_of_names_and_strings() {
    refused(
        DisallowedConstruct,
        &[
            r#"select u&"pg\005fsleep"(9)"#,
            r#"select U&"secret\0073" from customers"#,
            r"select U&'\0061'",
            "select B'101'",
            "select X'1F'",
            "select N'x'",
            r"select E'\v'",
            r"select E'\xe9'",
            r"select E'\u0000'",
            "select $1",
        ],
    );
    refused(ParseError, &["select 0x1F", "select 1_000", "select 1a", "select 1..2", "select $a$ x"]);
}

#[test]
fn keywords_that_the_parser_takes_for_names() {
    refused(
        ParseError,
        &[
            r#"WITH "only" AS (SELECT 1 AS id, 2 AS token) SELECT secrets.token FROM only secrets"#,
            "SELECT id FROM ONLY customers",
            r#"WITH "current_user" AS (SELECT 1 AS u) SELECT u FROM current_user u"#,
            r#"WITH "user" AS (SELECT 1 AS u) SELECT u FROM user u"#,
            "SELECT customers.id FROM customers table",
        ],
    );
    refused(ParseError, &["SELECT id FROM customers *", "SELECT id FROM ROWS FROM (unnest(array[1]))"]);
}

#[test]
fn tables_that_no_visitor_sees() {
    refused(
        DisallowedConstruct,
        &[
            "SELECT 1 UNION TABLE secrets",
            "SELECT id FROM customers TABLESAMPLE bernoulli (10)",
            "SELECT x FROM unnest(array[1]) AS x",
            "SELECT x FROM jsonb_array_elements('[]') AS x",
            "SELECT x FROM LATERAL generate_series(1, 2) AS x",
            "SELECT x FROM JSON_TABLE('[]', '$' COLUMNS (x int PATH '$')) t",
        ],
    );
}

#[test]
fn text_after_the_end() {
    refused(ParseError, &["SELECT id END DROP TABLE x", "SELECT id FROM customers END", "SELECT 1 SELECT 2"]);
    refused(
        MultiStatement,
        &["SELECT 1 END; DELETE FROM orders", "SELECT 1;;SELECT 2", "select 1; --\n; table secrets"],
    );
}

#[test]
fn a_cte_that_shadows_itself_or_is_out_of_scope() {
    refused(
        DisallowedTable,
        &[
            "with secrets as (select token from secrets) select token from secrets",
            "with a as (select id from b), b as (select id from customers) select id from a",
            "select id from (with secrets as (select 1 as id) select id from secrets) s, secrets",
            "with secrets as (select 1 as id) select id from public.secrets",
            "with a as (with secrets as (select 1 as id) select id from secrets) select token from a, secrets",
            "select (with secrets as (select 1 as id) select id from secrets), (select token from secrets)",
        ],
    );
    admitted_as(
        "with orders as (select id from orders) select id from orders",
        "with \"orders\" as (select \"orders\".\"id\" from \"public\".\"orders\" as \"orders\") \
         select \"orders\".\"id\" from \"orders\" as \"orders\"",
    );
}

#[test]
fn names_that_fold_or_quote_into_others() {
    refused(
        DisallowedTable,
        &[
            "select id from \"CUSTOMERS\"",
            "select id from \u{ff43}ustomers",
            "select id from public.\"Orders\"",
            "select id from public.public.customers",
            "select id from postgres.public.customers",
            "select id from \u{a0}customers",
        ],
    );
    refused(DisallowedColumn, &["select \"ID\" from customers", "select \u{212a}ey from customers"]);
    refused(
        DisallowedFunction,
        &["select \"LOWER\"('x')", "select \"coalesce\"(1)", "select public.lower('x')"],
    );
    let long = "x".repeat(64);
    refused(
        ParseError,
        &[&format!("select 1 as {long}"), &format!("select id as \"{long}\" from customers")],
    );
}

#[test]
fn whole_rows() {
    refused(
        SelectStar,
        &[
            "select c from customers c",
            "select c::text from customers c",
            "select row(c.*) from customers c",
            "select row_to_json(c.*) from customers c",
            "select count(c.*) from customers c",
            "select json_agg(c) from customers c",
            "select array_agg(c) from customers c",
            "select 1 from customers c where c is not null",
            "select 1 from customers c group by c",
            "select 1 from customers c order by c",
            "select count(*) over (partition by c) from customers c",
            "select coalesce(c, null) from customers c",
            "select c = c from customers c",
            "select (select c) from customers c",
            "select num_nulls(customers) from customers",
            "select sum(*) from orders",
            "select count(distinct *) from orders",
            "select (*) from customers",
        ],
    );
}

#[test]
fn columns_that_are_hidden_or_that_another_query_owns() {
    refused(
        DisallowedColumn,
        &[
            "select ssn from customers",
            "select c.ssn from customers c",
            "select id from customers order by ssn",
            "select id from customers group by id, ssn",
            "select count(*) filter (where ssn is null) from customers",
            "select id from customers c join orders o using (ssn)",
            "select o.total from customers c",
            "select id from customers c, orders o",
            "select x.id from customers c, (select c.id) x",
            "select c.id from customers c where exists (select c.id from orders c where c.city = 'Paris')",
        ],
    );
    refused(
        DisallowedConstruct,
        &["select c.a from customers as c(a, b)", "select id from customers c, orders c"],
    );
    // The bare name belongs to the outer table; the inner one may have a hidden column of that name.
    admitted_as(
        "select (select city from orders o limit 1) from customers c",
        "select (select \"c\".\"city\" from \"public\".\"orders\" as \"o\" limit 1) as \"city\" \
         from \"public\".\"customers\" as \"c\"",
    );
    // With an alias that is taken inside it cannot be named.
    refused(DisallowedColumn, &["select (select city from orders c limit 1) from customers c"]);
}

#[test]
fn grouping_by_a_name_that_is_an_input_and_an_output() {
    admitted_as(
        "select lower(city) as name, count(*) from customers group by name, lower(city)",
        "select \"pg_catalog\".\"lower\"(\"customers\".\"city\") as \"name\", \"pg_catalog\".\"count\"(*) as \"count\" \
         from \"public\".\"customers\" as \"customers\" \
         group by \"customers\".\"name\", \"pg_catalog\".\"lower\"(\"customers\".\"city\")",
    );
    admitted_as(
        "select lower(city) as place, count(*) from customers group by place order by place",
        "select \"pg_catalog\".\"lower\"(\"customers\".\"city\") as \"place\", \
         \"pg_catalog\".\"count\"(*) as \"count\" \
         from \"public\".\"customers\" as \"customers\" group by 1 order by 1",
    );
}

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
fn names_that_only_look_like_grammar() {
    refused(DisallowedFunction, &["select rollup(1)", "select \"row\"(1)", "select \"array\"(1)"]);
    refused(DisallowedConstruct, &["select 1 operator(public.+) 2", "select 1 @#@ 2"]);
    admitted_as("select 1 operator(pg_catalog.+) 2 * 3", r#"select 1 + (2 * 3) as "?column?""#);
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
fn small_texts_that_grow() {
    let doubling: Vec<_> =
        (1..=26).map(|n| format!("a{n} as (select x || x as x from a{})", n - 1)).collect();
    let nested = (0..18).fold("select 'x' as x".to_owned(), |inner, n| {
        format!("select case when x = '1' then x when x = '2' then x else x end as x from ({inner}) s{n}")
    });
    let copies: Vec<_> = (1..=15)
        .map(|n| format!("a{n} as not materialized (select l.x from a{0} l, a{0} r)", n - 1))
        .collect();
    refused(
        TooComplex,
        &[
            &format!("with a0 as (select 'x' as x), {} select x from a26", doubling.join(", ")),
            &nested,
            &format!("with a0 as (select 1 as x), {} select x from a15", copies.join(", ")),
            "select lpad('x', 200000000)",
            "select lpad('x', id) from customers",
            "select rpad('x', 100000 * 100000)",
            &format!("select {}'x'{}", "replace(".repeat(9), ", 'x', 'xxxxxxxxxxxxxxxx')".repeat(9)),
            &format!("select replace(string_agg(name, ','), ',', '{}') from customers", "x".repeat(1000)),
        ],
    );
    refused(DisallowedFunction, &["select repeat('x', 1000000000)", "select format('%1000000000s', 'x')"]);
}

#[test]
fn sizes_beyond_the_caps() {
    let deep = format!("select {}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let long = format!("select {}", vec!["1"; 20_000].join("+"));
    let cases = format!("select {}1{}", "case when true then ".repeat(3_000), " end".repeat(3_000));
    let signs = format!("select {} 1", "- ".repeat(1_900));
    let nots = format!("select {} true", "not ".repeat(1_900));
    let unions = vec!["select 1"; 5_000].join(" union all ");
    refused(TooComplex, &[&deep, &long, &cases, &signs, &nots, &unions]);
    refused(ParseError, &[&"x".repeat((1 << 20) + 1), "select 1\0", "select '\0'"]);
    for nested in [
        "position(",
        "cast(",
        "case when ",
        "interval ",
        "exists (",
        "array[",
        "((select ",
        "not(",
        "substring(",
        "lower(",
    ] {
        let start = std::time::Instant::now();
        assert!(verdict(&format!("select {}", nested.repeat(60))).is_err());
        assert!(start.elapsed().as_secs() < 2, "{nested}");
    }
}

#[test]
fn blanks_that_are_none() {
    refused(ParseError, &["select\u{b}1", "select 1 \u{7f} 2", "select 1 \\ 2"]);
    // PostgreSQL takes a blank of another script for a part of the name.
    refused(DisallowedColumn, &["select id\u{2003}x from customers"]);
}

#[test]
fn a_label_that_hides_a_table_or_grows() {
    // A column of the input comes before a label of the same name.
    admitted_as(
        "select total as id, id as n from orders order by id + 0",
        r#"select "orders"."total" as "id", "orders"."id" as "n" from "public"."orders" as "orders" order by "orders"."id" + 0"#,
    );
    // A label is known in ORDER BY alone, and not in its subqueries.
    refused(
        DisallowedColumn,
        &[
            "select id as x from orders where x + 1 > 2",
            "select id as x from orders order by (select x from customers limit 1)",
            "select id as x from orders order by (select max(x) from customers)",
            "select id as x, total as x from orders order by x + 1",
            "select id as x, x + 1 as y from orders order by y + 1",
            "select rank() over (order by x) as r, id as x from orders",
            "select id as x from orders order by orders.x + 1",
        ],
    );
    refused(SelectStar, &["select id as x, o as y from orders o order by y + 1"]);
    refused(
        DisallowedTable,
        &["select id as x, (select token from secrets) as y from orders order by y || 'x'"],
    );
    let sorts = vec!["x + 1"; 40].join(", ");
    refused(TooComplex, &[&format!("select id as x from orders order by {sorts}")]);
}

#[test]
fn a_subquery_without_an_alias_that_takes_another_name() {
    refused(
        DisallowedConstruct,
        &["select 1 from (select id from customers), (select 1 as a) unnamed_subquery"],
    );
    admitted_as(
        "select 1 from customers unnamed_subquery, (select id from orders)",
        r#"select 1 as "?column?" from "public"."customers" as "unnamed_subquery", (select "orders"."id" from "public"."orders" as "orders") as "unnamed_subquery_1""#,
    );
    // The outer column keeps its source.
    admitted_as(
        "select (select a from (select 1 as b)) from (select id as a from customers)",
        r#"select (select "unnamed_subquery"."a" from (select 1 as "b") as "unnamed_subquery_1") as "a" from (select "customers"."id" as "a" from "public"."customers" as "customers") as "unnamed_subquery""#,
    );
}

#[test]
fn quotes_that_a_printer_halves() {
    admitted_as("select '''''' as x", r#"select E'\'\'' as "x""#);
    admitted_as(
        r#"select id as """""" from customers"#,
        r#"select "customers"."id" as """""" from "public"."customers" as "customers""#,
    );
    admitted_as(
        r#"with "a\""" as (select id from customers) select id from "a\""""#,
        r#"with "a\""" as (select "customers"."id" from "public"."customers" as "customers") select "a\"""."id" from "a\""" as "a\""""#,
    );
}

/// The rest of a line that became a comment would hide the text, and the next line of a literal would become the query.
#[test]
fn a_sign_before_a_literal_of_two_lines() {
    admitted_as(
        "select - -1, '\n, token from secrets --'",
        r#"select - (- 1) as "?column?", E'\n, token from secrets --' as "?column?""#,
    );
}

#[test]
fn words_that_the_parser_takes_for_labels_or_swallows() {
    admitted_as("select 5 isnull", r#"select 5 is null as "?column?""#);
    admitted_as("select 'a'\n'b'", r#"select 'ab' as "?column?""#);
    refused(ParseError, &["select 'a' 'b'", "", ";", "-- nothing", "/* nothing */"]);
    refused(DisallowedColumn, &["select global.id from customers global"]);
    refused(DisallowedFunction, &["select current_role", "select user"]);
}

#[test]
fn signs_and_bounds_that_a_printer_fuses_or_drops() {
    admitted_as("select @ -5", r#"select @ (- 5) as "?column?""#);
    admitted_as("select ~ ~5", r#"select ~ (~ 5) as "?column?""#);
    admitted_as(
        "select 1 = any (select 2) = true",
        r#"select (1 = any (select 2 as "?column?")) = true as "?column?""#,
    );
    admitted_as("select interval(3) '1.5'", r#"select cast('1.5' as interval(3)) as "interval""#);
    refused(DisallowedConstruct, &["select 1 == 2", "select id from customers union table secrets offset 5"]);
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
