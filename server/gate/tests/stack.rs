//! A small statement is judged on its caller's stack, a large one on a stack of its own: neither overflows.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

use std::thread;

use gate::{Policy, Reason, judge};
use support::surface;

/// Half of what an executor of tasks gives to each of its threads: the other half is for whoever called.
const CALLERS_STACK: usize = 1 << 20;

#[test]
fn no_statement_overflows_the_stack_of_its_caller() {
    let nested = |open: &str, depth: usize, close: &str| {
        format!("select {}1{} from orders", open.repeat(depth), close.repeat(depth))
    };
    let mut statements = Vec::new();
    for depth in [1, 5, 9, 10, 11, 30, 60] {
        for (open, close) in [
            ("(", ")"),
            ("1 or 1 and not 1 = 1 + 1 * 1 ^ - (", ")"),
            ("case when (select ", ") then 1 else 2 end"),
            ("(select max(id) from orders where id = (1 + ", "))"),
            ("lower(upper(", "))"),
            ("array[", "]"),
            ("coalesce(cast(", " as text), null)"),
            ("exists (with x as (select ", " as y) select y from x)"),
            ("1 in ((select ", "), 2)"),
        ] {
            statements.push(nested(open, depth, close));
        }
        for sign in ["not ", "- ", "~ ", "not not - ", "case when true then "] {
            let group = format!("({}", sign.repeat(110 / sign.split_whitespace().count()));
            statements.push(nested(&group, depth.min(6), ")"));
        }
        let derived = (0..depth).fold("select 1 as x".to_owned(), |inner, n| {
            format!("select x from ({inner}) s{n} where x = 1 and x in (1, 2) or not x > 3")
        });
        statements.push(derived);
        let joins: Vec<_> = (0..depth * 4).map(|n| format!("join orders o{n} on o{n}.id = o.id")).collect();
        statements.push(format!("select o.id from orders o {}", joins.join(" ")));
        let late: Vec<_> = (0..depth * 4).map(|n| format!("join orders o{n}")).collect();
        statements.push(format!(
            "select o.id from orders o {}{}",
            late.join(" "),
            " on true".repeat(depth * 4)
        ));
        let ctes: Vec<_> = (0..depth * 2).map(|n| format!("a{n} as (select 1)")).collect();
        statements.push(format!("with {} select 1", ctes.join(", ")));
        statements.push(vec!["select 1"; depth * 3].join(" union "));
        statements.push(format!("select {}", vec!["1"; depth * 30].join(" + ")));
        statements.push(format!("select 1{}", "::int".repeat(depth * 12)));
    }
    for sql in statements {
        let shown = sql.chars().take(60).collect::<String>();
        let judged = thread::Builder::new().stack_size(CALLERS_STACK).name(shown).spawn(move || {
            let _ = judge(&sql, &surface(), &Policy::default());
        });
        judged.unwrap().join().unwrap();
    }
}

/// Chains without brackets are trees that are as deep as they are long. They may run or be too complex, but neither
/// overflows a stack nor looks like a fault of the gate.
#[test]
fn a_deep_statement_is_nobodys_fault() {
    let casts = |count: usize| "::int".repeat(count);
    for (sql, is_admitted) in [
        (format!("select 1{}", casts(1_900)), true),
        (format!("select 1{}", " is null".repeat(1_900)), true),
        (format!("select {} true", "not ".repeat(900)), true),
        (format!("select now(){}", " at time zone 'UTC'".repeat(1_900)), true),
        (format!("select {}1{}", "(".repeat(9), format!("{})", casts(1_900)).repeat(9)), false),
    ] {
        let shown = sql.chars().take(60).collect::<String>();
        match judge(&sql, &surface(), &Policy::default()) {
            Ok(_) => assert!(is_admitted, "{shown}"),
            Err(refusal) => {
                assert!(!is_admitted && refusal.reason == Reason::TooComplex, "{shown}: {refusal}");
            }
        }
    }
}
