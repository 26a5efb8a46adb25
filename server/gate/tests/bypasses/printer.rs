//! Texts that would mean something else once they are printed.

use super::{admitted_as, refused};
use gate::Reason::*;

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
