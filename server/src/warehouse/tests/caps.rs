//! How much comes back, and what is said of the rest.

use std::time::Duration;

use super::{Failure, House, ask, ask_as, order, rows};
use crate::model::answer::Answer;
use crate::model::limits::Limits;
use crate::warehouse::json::CUT_MARK;
use crate::warehouse::run::{Statement, read};
use crate::warehouse::{Gateway, Order};

const LIMITS: Limits = Limits { default_rows: 3, hard_rows: 5, bytes: 1000, cell: 100 };

/// So many rows there are, so many are asked for, and so many the statement itself allows.
async fn numbers(gateway: &Gateway, there: u64, asked: Option<u64>, own: Option<u64>) -> Answer {
    let limit = own.map(|own| format!(" limit {own}")).unwrap_or_default();
    let text = format!("select g from generate_series(1, {there}) as g{limit}");
    let statement = Statement { text: &text, columns: &["g".to_owned()], limit: own };
    read(gateway, statement, Order { limit: asked, ..order() }, None).await.unwrap()
}

#[tokio::test]
async fn the_smallest_cap_counts_and_only_ours_truncates() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| options.limits = LIMITS);
    for (there, asked, own, rows, truncated) in [
        // Neither names a number: the default.
        (2, None, None, 2, false),
        (3, None, None, 3, false),
        (4, None, None, 3, true),
        // The caller names one.
        (9, Some(2), None, 2, true),
        (2, Some(2), None, 2, false),
        (9, Some(4), None, 4, true),
        (9, Some(5), None, 5, true),
        (9, Some(6), None, 5, true),
        (5, Some(u64::MAX), None, 5, false),
        // The statement names one.
        (9, None, Some(2), 2, false),
        (9, None, Some(4), 4, false),
        (9, None, Some(5), 5, false),
        (9, None, Some(6), 5, true),
        (5, None, Some(6), 5, false),
        (9, None, Some(u64::MAX / 2), 5, true),
        // Both do.
        (9, Some(2), Some(4), 2, true),
        (9, Some(4), Some(2), 2, false),
        (9, Some(4), Some(4), 4, false),
        (9, Some(9), Some(7), 5, true),
        // Nothing is wanted but the columns.
        (9, Some(0), None, 0, false),
        (9, Some(0), Some(4), 0, false),
        (9, None, Some(0), 0, false),
    ] {
        let answer = numbers(&gateway, there, asked, own).await;
        let case = format!("{there} there, {asked:?} asked, {own:?} own");
        assert_eq!((answer.row_count, answer.truncated), (rows, truncated), "{case}");
        assert_eq!(answer.columns, ["g"], "{case}");
        assert_eq!(serde_json::from_str::<Vec<Vec<u64>>>(&answer.rows).unwrap().len() as u64, rows, "{case}");
    }
}

#[tokio::test]
async fn asking_for_no_rows_runs_nothing_but_checks_everything() {
    let house = House::with("create table t (id int); create table hidden (id int)").await;
    let mut admin = house.admin().await;
    super::execute(&mut admin, &format!("revoke select on hidden from {}", house.role())).await;
    let gateway = house.gateway();
    let none = || Order { limit: Some(0), ..order() };
    let slow = ask_as(&gateway, "select pg_sleep(3), id from public.t", 2, none());
    let answer = tokio::time::timeout(Duration::from_secs(1), slow).await.unwrap().unwrap();
    assert_eq!((answer.rows.as_str(), answer.row_count, answer.truncated), ("[]", 0, false));
    let Failure { fault, .. } =
        ask_as(&gateway, "select id from public.hidden", 1, none()).await.unwrap_err();
    assert!(matches!(fault, super::Fault::PermissionDenied { .. }), "{fault:?}");
}

#[tokio::test]
async fn bytes_count_from_the_second_row_on() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| {
        options.limits = Limits { default_rows: 50, hard_rows: 100, bytes: 1000, cell: 4096 };
    });
    for (length, there, rows, truncated) in [
        (3000, 1, 1, false),
        (3000, 2, 1, true),
        (500, 2, 2, false),
        (500, 3, 2, true),
        (501, 2, 1, true),
        (10, 50, 50, false),
    ] {
        let sql = format!("select repeat('x', {length}) from generate_series(1, {there})");
        let answer = ask(&gateway, &sql, 1).await.unwrap();
        assert_eq!(
            (answer.row_count, answer.truncated, answer.bytes),
            (rows, truncated, rows * length),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn a_long_remainder_does_not_break_the_gateway() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| {
        options.limits = Limits { default_rows: 100, hard_rows: 100, bytes: 1000, cell: 10 << 20 };
    });
    for _ in 0..3 {
        let answer =
            ask(&gateway, "select repeat('x', 1000000) from generate_series(1, 100)", 1).await.unwrap();
        assert_eq!((answer.row_count, answer.truncated), (1, true));
    }
    assert!(house.is_calm_within(Duration::from_secs(1)).await);
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
}

#[tokio::test]
async fn cells_are_cut_at_a_character() {
    let house = House::with("create type pair as (a text, b text)").await;
    let gateway = house.gateway_with(|options| options.limits.cell = 10);
    for (expression, expected) in [
        ("'0123456789'", "\"0123456789\"".to_owned()),
        ("'0123456789a'", format!("\"0123456789{CUT_MARK}\"")),
        ("'01234567é9'", format!("\"01234567é{CUT_MARK}\"")),
        ("'012345678é'", format!("\"012345678{CUT_MARK}\"")),
        ("'漢漢漢漢'", format!("\"漢漢漢{CUT_MARK}\"")),
        ("12345678901.5", format!("\"1234567890{CUT_MARK}\"")),
        ("'\\x0123456789'::bytea", format!("\"\\\\x01234567{CUT_MARK}\"")),
        ("'{\"a\": [1, 2]}'::jsonb", format!("\"{{\\\"a\\\": [1, {CUT_MARK}\"")),
        ("array[1,2,3,4,5,6]", format!("\"[1,2,3,4,5{CUT_MARK}\"")),
        ("row('0123456789', '')::public.pair", format!("\"{{\\\"a\\\":\\\"0123{CUT_MARK}\"")),
        ("9223372036854775807", "\"9223372036854775807\"".to_owned()),
    ] {
        let answer = ask(&gateway, &format!("select {expression}"), 1).await.unwrap();
        assert_eq!(answer.rows, format!("[[{expected}]]"), "{expression}");
        assert_eq!(answer.cut_cells, u64::from(expected.contains(CUT_MARK)), "{expression}");
    }
    let answer =
        ask(&gateway, "select repeat('x', 11), 'short', repeat('y', 12) from generate_series(1, 2)", 3).await;
    assert_eq!(answer.unwrap().cut_cells, 4);
}

#[tokio::test]
async fn a_cell_of_a_gigabyte_is_cut_by_the_server() {
    let house =
        House::with("create table big (t text); insert into big select repeat('x', 1000000000)").await;
    let gateway = house.gateway_with(|options| options.timeouts.statement = Duration::from_secs(30));
    let before = resident();
    let answer = ask(&gateway, "select t from public.big", 1).await.unwrap();
    assert_eq!(answer.rows, format!("[[\"{}{CUT_MARK}\"]]", "x".repeat(4096)));
    assert_eq!((answer.bytes, answer.cut_cells, answer.truncated), (4097, 1, false));
    assert!(resident() < before + (64 << 20), "memory grew from {before} to {}", resident());
}

/// What this process holds in memory, in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4096
}
