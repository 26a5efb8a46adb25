//! Advice works: what the gate tells to write instead is admitted.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

use gate::{Policy, judge};
use support::surface;

/// A statement that PostgreSQL takes and the gate refuses, a part of the advice, and the statement after the advice.
const INSTEAD: &[(&str, &str, &str)] = &[
    (
        "select id from orders order by id fetch first 5 rows only",
        "LIMIT",
        "select id from orders order by id limit 5",
    ),
    (
        "select id from orders order by id offset 100",
        "WHERE id > <last id seen>",
        "select id from orders where id > 100 order by id limit 100",
    ),
    (
        "select x from unnest(array[1, 2]) as x",
        "array and jsonb operators",
        "select id from orders where 'a' = any (tags)",
    ),
    ("select unnest(tags) from orders", "= ANY(array)", "select id from orders where tags @> array['a']"),
    (
        "select lpad(name, 100000, 'x') from customers",
        "lpad(code, 8, '0')",
        "select lpad(name, 8, '0') from customers",
    ),
    (
        "select median(total) from orders",
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY value)",
        "select percentile_cont(0.5) within group (order by total) from orders",
    ),
    (
        "select ifnull(city, '') from customers",
        "coalesce(value, default)",
        "select coalesce(city, '') from customers",
    ),
    (
        "select group_concat(city) from customers",
        "string_agg(value, ', ' ORDER BY value)",
        "select string_agg(city, ', ' order by city) from customers",
    ),
    (
        "select year(placed_at) from orders",
        "extract(year FROM value)",
        "select extract(year from placed_at) from orders",
    ),
    (
        "select dateadd(placed_at, 1) from orders",
        "value + INTERVAL '1 day'",
        "select placed_at + interval '1 day' from orders",
    ),
    (
        "select date_format(placed_at, 'x') from orders",
        "to_char(value, 'YYYY-MM-DD')",
        "select to_char(placed_at, 'YYYY-MM-DD') from orders",
    ),
    (
        "select instr(name, 'a') from customers",
        "strpos(text, part)",
        "select strpos(name, 'a') from customers",
    ),
    (
        "select count_if(total > 5) from orders",
        "count(*) FILTER (WHERE condition)",
        "select count(*) filter (where total > 5) from orders",
    ),
    (
        "select safe_divide(total, 0) from orders",
        "a / nullif(b, 0)",
        "select total / nullif(id, 0) from orders",
    ),
    (
        "select if(total > 5, 1, 2) from orders",
        "CASE WHEN condition THEN a ELSE b END",
        "select case when total > 5 then 1 else 2 end from orders",
    ),
    (
        "select datediff(placed_at, placed_at) from orders",
        "extract(epoch FROM a - b)",
        "select extract(epoch from placed_at - placed_at) from orders",
    ),
    (
        "values (1), (2)",
        "SELECT column1 FROM (VALUES (1), (2)) AS v(column1)",
        "select column1 from (values (1), (2)) as v(column1)",
    ),
    (
        "select rank() from orders",
        "OVER (PARTITION BY ... ORDER BY ...)",
        "select rank() over (partition by status order by id) from orders",
    ),
    (
        "select id from customers c union select id from orders order by id + 1",
        "output columns",
        "select id from customers c union select id from orders order by id",
    ),
];

#[test]
fn what_is_told_to_write_instead_is_admitted() {
    let (surface, policy) = (surface(), Policy::default());
    for (refused, advice, instead) in INSTEAD {
        let refusal =
            judge(refused, &surface, &policy).err().unwrap_or_else(|| panic!("{refused} is admitted"));
        assert!(refusal.advice().contains(advice), "{refused}: {}", refusal.advice());
        judge(instead, &surface, &policy).unwrap_or_else(|refusal| panic!("{instead}: {refusal}"));
    }
}

/// The table of known limits in `docs/gate.md`: PostgreSQL reads the first, the gate reads the second.
const LIMITS: &[(&str, &str)] = &[
    (
        "select sum(id) over (order by id rows between 1 preceding and 1 following exclude current row) from orders",
        "select lag(id) over (order by id) + lead(id) over (order by id) from orders",
    ),
    (
        "select id from orders where id between symmetric 5 and 1",
        "select id from orders where id between least(5, 1) and greatest(5, 1)",
    ),
    ("select concat_ws(',', variadic array['a', 'b'])", "select concat_ws(',', 'a', 'b')"),
    (
        "select j.id from orders join products using (id) as j",
        "select id from orders join products using (id)",
    ),
    (
        "select id from orders group by distinct rollup (id), rollup (id)",
        "select id from orders group by grouping sets ((id), ())",
    ),
    ("table orders", "select id from orders"),
    ("select id from only orders", "select id from orders"),
    ("select trim(leading from name) from customers", "select ltrim(name) from customers"),
    (
        "select substring(name similar 'a#\"b#\"' escape '#') from customers",
        "select substring(name, 'a(b)') from customers",
    ),
    ("select placed_at at local from orders", "select placed_at at time zone 'UTC' from orders"),
    ("select json_object('k': id) from orders", "select json_build_object('k', id) from orders"),
    ("select 0x1F", "select 31"),
];

#[test]
fn what_the_known_limits_name_instead_is_admitted() {
    let (surface, policy) = (surface(), Policy::default());
    for (refused, instead) in LIMITS {
        assert!(judge(refused, &surface, &policy).is_err(), "{refused} is admitted: take it off the list");
        judge(instead, &surface, &policy).unwrap_or_else(|refusal| panic!("{instead}: {refusal}"));
    }
}
