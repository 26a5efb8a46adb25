//! Names that mean something else than they say: calls, whole rows, what is hidden, what another query owns.

use super::{admitted_as, refused};
use gate::Reason::*;

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
