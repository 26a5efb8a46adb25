//! Texts that the parser takes for something else than PostgreSQL does.

use super::{admitted_as, refused};
use gate::Reason::*;

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
fn text_after_the_end() {
    refused(ParseError, &["SELECT id END DROP TABLE x", "SELECT id FROM customers END", "SELECT 1 SELECT 2"]);
    refused(
        MultiStatement,
        &["SELECT 1 END; DELETE FROM orders", "SELECT 1;;SELECT 2", "select 1; --\n; table secrets"],
    );
}

#[test]
fn names_that_only_look_like_grammar() {
    refused(DisallowedFunction, &["select rollup(1)", "select \"row\"(1)", "select \"array\"(1)"]);
    refused(DisallowedConstruct, &["select 1 operator(public.+) 2", "select 1 @#@ 2"]);
    admitted_as("select 1 operator(pg_catalog.+) 2 * 3", r#"select 1 + (2 * 3) as "?column?""#);
}

#[test]
fn blanks_that_are_none() {
    refused(ParseError, &["select\u{b}1", "select 1 \u{7f} 2", "select 1 \\ 2"]);
    // PostgreSQL takes a blank of another script for a part of the name.
    refused(DisallowedColumn, &["select id\u{2003}x from customers"]);
}

#[test]
fn words_that_the_parser_takes_for_labels_or_swallows() {
    admitted_as("select 5 isnull", r#"select 5 is null as "?column?""#);
    admitted_as("select 'a'\n'b'", r#"select 'ab' as "?column?""#);
    refused(ParseError, &["select 'a' 'b'", "", ";", "-- nothing", "/* nothing */"]);
    refused(DisallowedColumn, &["select global.id from customers global"]);
    refused(DisallowedFunction, &["select current_role", "select user"]);
}
