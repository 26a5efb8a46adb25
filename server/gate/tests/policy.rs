//! What an operator can open, and how far it opens.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

use gate::{Admitted, Policy, Reason, Reason::*, TableFunctions, judge};
use support::{open, surface};

fn verdict(sql: &str, policy: &Policy) -> Result<Admitted, Reason> {
    let admitted = judge(sql, &surface(), policy).map_err(|refusal| {
        assert!(!refusal.is_our_fault(), "{sql}: {refusal}");
        refusal.reason
    })?;
    let again = judge(admitted.text(), &surface(), policy).unwrap();
    assert_eq!(again.text(), admitted.text(), "{sql}");
    Ok(admitted)
}

/// Refused by default, admitted as `text` where it is opened.
#[track_caller]
fn opens(sql: &str, text: &str) {
    assert!(verdict(sql, &Policy::default()).is_err(), "{sql}");
    let admitted = verdict(sql, &open()).unwrap_or_else(|reason| panic!("{sql}: {reason}"));
    assert_eq!(admitted.text(), text, "{sql}");
}

#[track_caller]
fn stays_refused(reason: Reason, statements: &[&str]) {
    for sql in statements {
        assert_eq!(verdict(sql, &open()).map(|admitted| admitted.text().to_owned()), Err(reason), "{sql}");
    }
}

#[test]
fn functions_in_from() {
    opens(
        "select o.id, t from orders o, unnest(o.tags) as t",
        r#"select "o"."id", "t"."t" from "public"."orders" as "o", "pg_catalog"."unnest"("o"."tags") as "t"("t")"#,
    );
    opens(
        "select o.id, e.key, e.value from orders o cross join lateral jsonb_each(o.meta) e",
        r#"select "o"."id", "e"."key", "e"."value" from "public"."orders" as "o" cross join "pg_catalog"."jsonb_each"("o"."meta") as "e"("key", "value")"#,
    );
    opens(
        "select t.tag, t.n from orders o left join unnest(o.tags) with ordinality t(tag, n) on true",
        r#"select "t"."tag", "t"."n" from "public"."orders" as "o" left join "pg_catalog"."unnest"("o"."tags") with ordinality as "t"("tag", "n") on true"#,
    );
    opens(
        "select value ->> 'sku' from jsonb_array_elements('[]'::jsonb)",
        r#"select "jsonb_array_elements"."value" ->> 'sku' as "?column?" from "pg_catalog"."jsonb_array_elements"(cast('[]' as "pg_catalog"."jsonb")) as "jsonb_array_elements"("value")"#,
    );
    opens(
        "select * from generate_series(1, 3) g",
        r#"select "g"."g" from "pg_catalog"."generate_series"(1, 3) as "g"("g")"#,
    );
    opens(
        "select unnest(tags) from orders",
        r#"select "pg_catalog"."unnest"("orders"."tags") as "unnest" from "public"."orders" as "orders""#,
    );
}

#[test]
fn functions_in_from_that_are_not_on_the_list() {
    stays_refused(
        DisallowedFunction,
        &[
            "select 1 from pg_ls_dir('.') f",
            "select 1 from lateral pg_read_file('x') f",
            "select 1 from public.unnest(array[1]) f",
            "select 1 from dblink('x', 'y') f",
            "select 1 from query_to_xml('select 1', true, true, '') f",
        ],
    );
    stays_refused(
        DisallowedConstruct,
        &[
            "select 1 from now() f",
            "select 1 from abs(1) f",
            "select 1 from similarity('a', 'b') f",
            "select x.a from jsonb_array_elements('[]') as x(a int)",
            "select 1 from unnest(array[1], array[2]) u",
            "select 1 from customers with ordinality",
            "select 1 from unnest(array[1]) u, unnest(array[1]) u",
        ],
    );
    stays_refused(
        DisallowedColumn,
        &["select f.to_json from unnest(array[1]) f", "select e.keys from jsonb_each('{}') e"],
    );
    stays_refused(SelectStar, &["select to_json(e) from jsonb_each('{}') e"]);
    stays_refused(DisallowedTable, &["select 1 from unnest((select array_agg(token) from secrets)) u"]);
}

#[test]
fn a_function_is_opened_by_its_name_alone() {
    let policy = Policy { set_returning: vec!["unnest".to_owned()], ..open() };
    assert!(verdict("select x from unnest(array[1]) x", &policy).is_ok());
    assert!(verdict("select x from generate_series(1, 2) x", &policy).is_err());
    let policy = Policy { table_functions: TableFunctions::Refuse, ..open() };
    assert!(verdict("select unnest(tags) from orders", &policy).is_ok());
    assert!(verdict("select x from unnest(array[1]) x", &policy).is_err());
}

#[test]
fn a_series_has_a_known_length() {
    for sql in [
        "select g from generate_series(1, 10000) g",
        "select g from generate_series(10, -10, -1) g",
        "select g from generate_series(0.5, 2.5, 0.5) g",
        "select d from generate_series(date '2024-01-01', date '2024-12-01', interval '1 month') d",
        "select d from generate_series('2024-01-01'::timestamptz, '2024-01-02 12:00'::timestamptz, '1 hour'::interval) d",
        "select d from generate_series(date_trunc('month', now()) - interval '11 months', now(), interval '1 month') d",
        "select d from generate_series(current_date - interval '30' day, current_date, interval '1' day) d",
        "select generate_series(1, 3) from customers",
    ] {
        verdict(sql, &open()).unwrap_or_else(|reason| panic!("{sql}: {reason}"));
    }
    stays_refused(
        TooComplex,
        &[
            "select g from generate_series(1, 10001) g",
            "select g from generate_series(1, 1e9) g",
            "select g from generate_series(-1000000000, 1) g",
            "select g from generate_series(1, 10, 0.0001) g",
            "select g from generate_series(1, 10, 0) g",
            "select g from generate_series(1, 2 * 1000000000) g",
            "select g from orders o, generate_series(1, o.id) g",
            "select generate_series(1, id) from orders",
            "select d from generate_series(date '2024-01-01', date '2024-12-01', interval '1 second') d",
            "select d from generate_series(date '2024-01-31', date '2024-02-01', interval '5 seconds') d",
            "select d from generate_series(date '0001-01-01', now(), interval '1 day') d",
            "select d from generate_series(now(), 'infinity'::timestamptz, interval '1 year') d",
            "select d from generate_series(now() - interval '400 years', now(), interval '1 day') d",
            "select d from generate_series(now(), now(), interval '0 days') d",
        ],
    );
}

const CHAIN: &str = "with recursive chain as (select id, customer_id, 1 as step from orders where id = 1 \
    union all select o.id, o.customer_id, c.step + 1 from orders o join chain c on c.id = o.customer_id where c.step < 20) \
    select id, step from chain";

#[test]
fn a_recursion_counts_its_steps() {
    opens(
        CHAIN,
        r#"with recursive "chain" as (select "orders"."id", "orders"."customer_id", 1 as "step" from "public"."orders" as "orders" where "orders"."id" = 1 union all select "o"."id", "o"."customer_id", "c"."step" + 1 as "?column?" from "public"."orders" as "o" join "chain" as "c" on "c"."id" = "o"."customer_id" where "c"."step" < 20) select "chain"."id", "chain"."step" from "chain" as "chain""#,
    );
    for sql in [
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select i from n",
        "with recursive n(i) as (select 1 union select i + 1 from n where i <= 10 and 1 = 1) select i from n",
        "with recursive a as (select 1 as x), n(i) as (select 1 union all select i + 1 from n, a where n.i < 5) select i from n",
        "with recursive a as (select id from orders) select id from a",
    ] {
        verdict(sql, &open()).unwrap_or_else(|reason| panic!("{sql}: {reason}"));
    }
}

#[test]
fn a_recursion_without_an_end() {
    stays_refused(
        DisallowedConstruct,
        &[
            "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n limit 5",
            "with recursive n(i) as (select 1 union all select i from n where i < 10) select i from n",
            "with recursive n(i) as (select 1 union all select i - 1 from n where i < 10) select i from n",
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10 or true) select i from n",
            "with recursive n(i) as (select 1 union all select i + 1 from n where i > 10) select i from n",
            "with recursive n(i, j) as (select 1, 1 union all select j, i + 1 from n where i < 10) select i from n",
            "with recursive n(i, j) as (select 1, 1 union all select i + 1, j from n where j < 10) select i from n",
            "with recursive n(i) as (select id from orders union all select i + 1 from n where i < 10) select i from n",
            "with recursive n(i) as (select 1 union all select i + 1 from n where not i < 10) select i from n",
            "with recursive n(i) as (select 1 union all select i + 1 from (select i from n) m where i < 10) select i from n",
            "with recursive n(i) as ((select 1) union all select i + 1 from n where i < 10 limit 5) select i from n",
        ],
    );
    stays_refused(
        TooComplex,
        &[
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select i from n",
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000000000) select i from n",
            // Forty doublings of one letter.
            "with recursive n(i, x) as (select 1, 'x' union all select i + 1, x || x from n where i < 40) select x from n",
        ],
    );
}

#[test]
fn a_member_of_a_recursion_that_takes_the_name_of_a_table() {
    stays_refused(
        DisallowedConstruct,
        &[
            "with recursive secrets as (select token from secrets) select token from secrets",
            "with recursive a as (select id from orders), b as (select id from c), c as (select 1 as id) select id from b",
            "with recursive orders as (select id from orders) select id from orders",
            "with recursive a as (select 1 as i union all select i + 1 from a where i < 5), a as (select 1) select i from a",
        ],
    );
    stays_refused(
        DisallowedTable,
        &[
            "with recursive n(i) as (select 1 union all select i + 1 from n, secrets where i < 5) select i from n",
            "with recursive secrets(i) as (select 1 union all select i + 1 from secrets where i < 5) select i from hr.secrets",
            "with recursive n(i) as (select 1 from secrets union all select i + 1 from n where i < 5) select i from n",
        ],
    );
}

#[test]
fn extensions_are_opened_by_name_and_schema() {
    opens(
        "select similarity(name, 'x') from customers",
        r#"select "ext"."similarity"("customers"."name", 'x') as "similarity" from "public"."customers" as "customers""#,
    );
    opens(
        "select name::citext from customers",
        r#"select cast("customers"."name" as "ext"."citext") as "name" from "public"."customers" as "customers""#,
    );
    opens(
        "select id from customers where 'x' <% name",
        r#"select "customers"."id" from "public"."customers" as "customers" where 'x' <% "customers"."name""#,
    );
    opens("select '[1]' <=> '[2]'", r#"select '[1]' <=> '[2]' as "?column?""#);
    stays_refused(
        DisallowedFunction,
        &["select public.similarity('a', 'b')", "select gis.similarity('a', 'b')"],
    );
    stays_refused(
        DisallowedConstruct,
        &["select 'x'::public.citext", "select 'a' %> 'b'", "select 'x'::gis.box2d"],
    );
}

#[test]
fn pages_can_be_taken_by_number() {
    opens(
        "select id from orders order by id offset 10 rows fetch next 5 rows only",
        r#"select "orders"."id" from "public"."orders" as "orders" order by 1 limit 5 offset 10"#,
    );
    opens(
        "select id from orders order by id fetch first row only",
        r#"select "orders"."id" from "public"."orders" as "orders" order by 1 limit 1"#,
    );
    stays_refused(DisallowedConstruct, &["select id from orders order by id fetch first 5 rows with ties"]);
    assert_eq!(verdict("select id from orders fetch first 5 rows only", &open()).unwrap().limit(), Some(5));
}

#[test]
fn questions_of_places_where_postgis_is_opened() {
    let map = |names: &[&str]| names.iter().map(|&name| (name.to_owned(), "gis".to_owned())).collect();
    let policy = Policy {
        extension_functions: map(&[
            "st_area",
            "st_buffer",
            "st_centroid",
            "st_contains",
            "st_distance",
            "st_dwithin",
            "st_geogfromtext",
            "st_intersects",
            "st_length",
            "st_makepoint",
            "st_setsrid",
            "st_transform",
            "st_within",
            "st_x",
        ]),
        extension_types: map(&["geometry", "geography"]),
        extension_operators: map(&["&&&", "<#>"]),
        ..Policy::default()
    };
    for sql in [
        "select id from orders where st_dwithin(st_makepoint(1, 2)::geography, st_geogfromtext('POINT(1 2)'), 500)",
        "select id, st_distance(st_makepoint(1, 2)::geography, 'SRID=4326;POINT(1 2)'::geography) as metres from orders order by metres limit 5",
        "select count(*) from orders where st_contains(st_buffer(st_setsrid(st_makepoint(1, 2), 4326), 0.5), st_makepoint(1, 2))",
        "select round(st_area(st_transform(meta ->> 'shape', 3857)::geometry)::numeric, 2) from orders",
        "select id from orders order by st_makepoint(1, 2) <-> st_makepoint(3, 4), st_makepoint(1, 2) <#> st_makepoint(3, 4) limit 3",
        "select id from orders where (meta ->> 'shape')::geometry && (meta ->> 'box')::geometry",
    ] {
        verdict(sql, &policy).unwrap_or_else(|reason| panic!("{sql}: {reason}"));
    }
}

#[test]
fn the_alias_of_a_function_is_its_value() {
    opens(
        "select e ->> 'x' from orders, jsonb_array_elements(meta) e",
        r#"select "e"."value" ->> 'x' as "?column?" from "public"."orders" as "orders", "pg_catalog"."jsonb_array_elements"("orders"."meta") as "e"("value")"#,
    );
    opens(
        "select g from (values (1)) v, generate_series(1, 2) g group by g",
        r#"select "g"."g" from (values (1)) as "v", "pg_catalog"."generate_series"(1, 2) as "g"("g") group by "g"."g""#,
    );
    stays_refused(
        SelectStar,
        &[
            "select e from jsonb_each('{}') e",
            "select e from jsonb_array_elements('[]') with ordinality e",
            "select row_to_json(e) from (select 1 as x) e",
        ],
    );
}
