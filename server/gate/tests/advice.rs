//! Advice works: what the gate tells to write instead is admitted.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

#[path = "support/advices.rs"]
mod advices;
mod support;

use gate::{Policy, Reason, judge};
use support::surface;

/// A statement that is refused under the strictest policy, and the statement after the advice.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "select id from orders order by id fetch first 5 rows only",
        "select id from orders order by id limit 5",
    ),
    (
        "select id from orders order by id offset 100",
        "select id from orders where id > 100 order by id limit 100",
    ),
    ("select x from unnest(array[1, 2]) as x", "select id from orders where 'a' = any (tags)"),
    ("select unnest(tags) from orders", "select id from orders where tags @> array['a']"),
    ("select lpad(name, 100000, 'x') from customers", "select lpad(name, 8, '0') from customers"),
    (
        "select median(total) from orders",
        "select percentile_cont(0.5) within group (order by total) from orders",
    ),
    ("select ifnull(city, '') from customers", "select coalesce(city, '') from customers"),
    (
        "select group_concat(city) from customers",
        "select string_agg(city, ', ' order by city) from customers",
    ),
    ("select year(placed_at) from orders", "select extract(year from placed_at) from orders"),
    ("select dateadd(placed_at, 1) from orders", "select placed_at + interval '1 day' from orders"),
    ("select date_format(placed_at, 'x') from orders", "select to_char(placed_at, 'YYYY-MM-DD') from orders"),
    ("select instr(name, 'a') from customers", "select strpos(name, 'a') from customers"),
    ("select count_if(total > 5) from orders", "select count(*) filter (where total > 5) from orders"),
    ("select safe_divide(total, 0) from orders", "select total / nullif(id, 0) from orders"),
    ("select if(total > 5, 1, 2) from orders", "select case when total > 5 then 1 else 2 end from orders"),
    (
        "select datediff(placed_at, placed_at) from orders",
        "select extract(epoch from placed_at - placed_at) from orders",
    ),
    ("values (1), (2)", "select column1 from (values (1), (2)) as v(column1)"),
    ("select rank() from orders", "select rank() over (partition by status order by id) from orders"),
    (
        "select id from customers c union select id from orders order by id + 1",
        "select id from customers c union select id from orders order by id",
    ),
    ("select current_timestamp(x) from orders", "select current_timestamp(0) from orders"),
    ("select lower(distinct name) from customers", "select lower(name) from customers"),
    ("select coalesce(distinct name, '') from customers", "select coalesce(name, '') from customers"),
    ("select similarity(name, 'a') from customers", "select name ilike '%a%' from customers"),
    ("select getdate()", "select now(), current_date"),
    (
        "select json_extract(meta, '$.a') from orders",
        "select meta ->> 'a', jsonb_path_query_first(meta, '$.a') from orders",
    ),
    ("select len(name) from customers", "select length(name) from customers"),
    ("select rand()", "select random()"),
    ("select cast(total as numeric(5, -2)) from orders", "select round(total, -2) from orders"),
    ("select name collate public.x from customers", "select name collate \"C\" from customers"),
    ("select cast(id as text format 'x') from orders", "select cast(id as text) from orders"),
    (
        "select total as t from orders order by t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t+t",
        "select t from (select total * 34 as t from orders) s order by t",
    ),
    ("select d.x from (select 1 as x, 2 as x) d", "select d.x from (select 1 as x, 2 as y) d"),
    ("select tags[1:2:1] from orders", "select tags[1:2] from orders"),
    ("select pg_advisory_lock(1)", "select 1"),
    ("select pg_read_file('x')", "select name from customers"),
    ("select jsonb_populate_record(null, meta) from orders", "select meta ->> 'name' from orders"),
    ("select nextval('s')", "select max(id), row_number() over (order by max(id)) from orders"),
    ("select xpath('/a', 'b')", "select regexp_match('<a>b</a>', '<a>(.*)</a>')"),
    ("select [id] from orders", "select id from orders"),
    (
        "select id from (orders o join customers c on true) as j",
        "select o.id from orders o join customers c on true",
    ),
    ("select id from orders with ordinality", "select id, row_number() over (order by id) from orders"),
    (
        "select id from orders pivot (sum(id) for status in ('a'))",
        "select sum(id) filter (where status = 'a') from orders",
    ),
    ("select id from orders with (nolock)", "select id from orders as o"),
    ("select extract(foo from placed_at) from orders", "select extract(epoch from placed_at) from orders"),
    ("select interval '3' week", "select interval '3 weeks'"),
    (
        "select substring(name) from customers",
        "select substring(name, 1, 2), substring(name, 'a.*') from customers",
    ),
    ("select count(*) from orders group by 'a'", "select count(*) from orders group by status"),
    (
        "select count(*) from orders group by grouping sets (rollup(id => 1))",
        "select count(*) from orders group by grouping sets (rollup(id))",
    ),
    (
        "select status, count(*) from orders group by all",
        "select status, count(*) from orders group by status",
    ),
    (
        "select id from orders o where exists (select 1 from o)",
        "select id from orders o where exists (select 1 from orders)",
    ),
    ("select foo", "select 'foo'"),
    ("select id as 'x' from orders", "select id as \"x\", status || 'x' from orders"),
    ("select o.id from orders o join customers c", "select o.id from orders o cross join customers c"),
    (
        "select o.id from orders o natural join order_items i",
        "select o.id from orders o join order_items i on i.order_id = o.id",
    ),
    (
        "select o.id from orders o left semi join customers c on true",
        "select o.id from orders o left join customers c on true",
    ),
    (
        "select o.id from orders o join customers c using (foo)",
        "select o.id from orders o join customers c using (id)",
    ),
    ("select id from a.b.orders", "select id from orders"),
    ("select `id` from orders", "select \"id\" from orders"),
    (
        "select id from orders where status <=> 'a'",
        "select id from orders where status is not distinct from 'a'",
    ),
    (
        "select id from orders where (placed_at) overlaps (placed_at)",
        "select id from orders where (placed_at, now()) overlaps (placed_at, now())",
    ),
    (
        "select id from orders union select id from customers order by foo",
        "select id from orders union select id from customers order by id, 1",
    ),
    (
        "select id as a, total as a from orders order by a",
        "select id as a, total as b from orders order by a, 2",
    ),
    ("select id from orders order by 'a'", "select id from orders order by status"),
    (
        "select id from orders where id = any (select 1) + 1",
        "select id from orders where (id = any (select 1)) = true",
    ),
    (
        "select id from orders union by name select id from customers",
        "select id from orders union select id from customers",
    ),
    ("select x from (values row(1)) v(x)", "select x from (values (1, 'a'), (2, 'b')) v(x, y)"),
    ("select foobar(1)", "select abs(1)"),
    ("select a.b.c.d from orders", "select id from orders where total > 1"),
    ("select distinct on () id from orders", "select distinct on (status, id) id from orders"),
    ("select top 5 id from orders", "select id from orders limit 5"),
    ("select *", "select id from orders"),
    (
        "select id from orders where placed_at > now() - interval 3 days",
        "select id from orders where placed_at > now() - interval '3 days'",
    ),
    (
        "select id from orders where placed_at > (now() + 30 days)",
        "select id from orders where placed_at > (now() + interval '30 days')",
    ),
    ("select id from orders limit 5, 10", "select id from orders limit 10"),
    (
        "select status, count(*) from orders group by status with rollup",
        "select status, count(*) from orders group by rollup (status)",
    ),
    (
        "select id from orders minus select id from customers",
        "select id from orders except select id from customers",
    ),
    ("select id from orders where status rlike 'a'", "select id from orders where status ~ 'a'"),
    ("select id div 5 from orders", "select div(id, 5) from orders"),
    ("select make_interval(days := 5)", "select make_interval(days => 5)"),
    ("select id from orders where id = :id", "select id from orders where id = 5"),
    ("select json_object('k': id) from orders", "select json_build_object('k', id) from orders"),
    ("select id, status, from orders", "select id, status from orders"),
    ("select from orders", "select id from orders"),
    ("select id from orders order by id using <", "select id from orders order by id asc"),
    (
        "select replace(replace(repeat_me, 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa') from (select replace(replace(replace(replace(replace(replace(replace(name,'a','aaaaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaaaaaaaaaa') as repeat_me from customers) s",
        "select replace(name, 'a', 'aa') from customers",
    ),
    ("select (total).x from orders", "select o.total, meta ->> 'x' from orders o"),
    ("select pg_sleep(5)", "select 1"),
    ("select version()", "select count(*) from orders"),
    ("select obj_description(1)", "select id from orders"),
    (
        "select query_to_xml('select 1', true, true, '')",
        "select id from orders where customer_id in (select id from customers)",
    ),
    ("select id as a from orders where order = 1", "select id as a from orders where id = 1"),
    ("select b'101'", "select 'text', \"id\", '\\x6869'::bytea from orders"),
    (
        "select id from orders where id = 1 where total > 5",
        "select id from orders where id = 1 and total > 5",
    ),
    ("show server_version", "select count(*) from orders"),
    (
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 20) select n from r",
        "select o.id from orders o join orders p on p.id = o.customer_id",
    ),
    ("delete from orders", "select id from orders"),
    ("select relname from pg_class", "select id from orders"),
    ("select id from orders where id in ()", "select id from orders where id in (1)"),
];

/// The same where everything is open that can be opened.
const OPEN: &[(&str, &str)] = &[
    (
        "with recursive a as (select x from b), b as (select 1 as x) select x from a",
        "with recursive b as (select 1 as x), a as (select x from b) select x from a",
    ),
    (
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 1000) select n from r",
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 10) select n from r",
    ),
    (
        "with recursive r as (select 1 as n union all select n + 1 from r) select n from r",
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 20) select n from r",
    ),
    (
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 10 order by n) select n from r",
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 10) select n from r order by n",
    ),
    (
        "with recursive r as (select 1 as n union by name select n + 1 from r where n < 10) select n from r",
        "with recursive r as (select 1 as n union select n + 1 from r where n < 10) select n from r",
    ),
    (
        "select generate_series(1, id) from orders",
        "select generate_series(date '2024-01-01', date '2024-12-01', interval '1 month')",
    ),
    ("select generate_series(1, 1000000)", "select generate_series(1, 1000000, 1000)"),
    ("select x from unnest(tags, tags) as x", "select x from orders o, unnest(o.tags) as x"),
    ("select a from unnest(tags) as x(a int)", "select meta ->> 'a', (meta ->> 'b')::int from orders"),
];

/// Reasons whose own sentence is never shown: wherever they are given there is a sharper one.
const ALWAYS_SHARPER: [Reason; 1] = [Reason::SelectStar];

#[test]
fn every_advice_that_there_is_works_when_it_is_applied() {
    let said = advices_that_work();
    let mut missing: Vec<_> = advices::all()
        .into_iter()
        .filter(|advice| {
            !NO_STATEMENT.contains(&advice.sentence.as_str()) && !said.iter().any(|(_, said)| advice.is(said))
        })
        .map(|advice| format!("{}: {}", advice.file, advice.sentence))
        .collect();
    missing.retain(|advice| !ALWAYS_SHARPER.iter().any(|reason| advice.ends_with(reason.advice())));
    assert!(missing.is_empty(), "no example shows that this works:\n{}", missing.join("\n"));
}

#[test]
fn every_reason_has_an_advice_that_works() {
    let said = advices_that_work();
    for reason in Reason::ALL {
        assert!(said.iter().any(|(given, _)| *given == reason), "{reason}");
        let is_shown = said.iter().any(|(_, said)| said == reason.advice());
        assert_eq!(is_shown, !ALWAYS_SHARPER.contains(&reason), "{reason}");
    }
}

/// What is said where the gate itself is at fault, and where no statement would do.
const NO_STATEMENT: [&str; 2] = [
    "the gate could not prove its own text; write the query in a simpler way",
    "no table is readable with this profile",
];

/// What is said about the statements above and on the pages of `spec/`, each with a statement beside it that is admitted.
fn advices_that_work() -> Vec<(Reason, String)> {
    let open = support::open();
    let pages = support::pages();
    let pages = pages.iter().map(|(refused, instead)| (refused.as_str(), instead.as_str()));
    let strict = pages.chain(EXAMPLES.iter().copied()).map(|pair| (pair, Policy::default()));
    let large = large();
    let large = large.iter().map(|(refused, instead)| ((refused.as_str(), *instead), Policy::default()));
    let all = strict.chain(large).chain(OPEN.iter().map(|&pair| (pair, open.clone())));
    all.map(|((refused, instead), policy)| {
        let surface = surface();
        let refusal =
            judge(refused, &surface, &policy).err().unwrap_or_else(|| panic!("{refused} is admitted"));
        judge(instead, &surface, &policy).unwrap_or_else(|refusal| panic!("{instead}: {refusal}"));
        (refusal.reason, refusal.advice().into_owned())
    })
    .collect()
}

/// What is too large to stand in a table.
fn large() -> [(String, &'static str); 2] {
    let sum = format!("select {}", vec!["1"; 3_000].join(" + "));
    let doubled = |n: usize| format!("a{n} as (select x + x as x from a{})", n - 1);
    let members: Vec<_> = (1..=26).map(doubled).collect();
    let doubling = format!("with a0 as (select 1 as x), {} select x from a26", members.join(", "));
    [
        (sum, "select sum(x) from (values (1), (1)) as v(x)"),
        (doubling, "with a0 as (select 1 as x), a1 as (select x * 2 as x from a0) select x from a1"),
    ]
}

#[test]
fn who_may_read_nothing_is_told_so() {
    let nothing = gate::Surface::new(vec![], []);
    let refusal = judge("select id from orders", &nothing, &Policy::default()).unwrap_err();
    assert_eq!(refusal.advice(), "no table is readable with this profile");
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
    (
        "select count(*) from orders group by rollup ((id + 1) * 2)",
        "select count(*) from orders group by rollup (2 * (id + 1))",
    ),
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
