//! Statements that are too much for whoever has to read them.

use super::{refused, verdict};
use gate::Reason::*;

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
