//! Every value comes back right: `docs/types.md`, line by line.

use super::{Fault, House, ask, execute, fault, rows};

async fn each(setup: &str, cases: &[(&str, &str)]) {
    let house = House::with(setup).await;
    let gateway = house.gateway_with(|options| options.limits.cell = 1 << 20);
    for (expression, expected) in cases {
        let rows = rows(&gateway, &format!("select {expression}"), 1).await;
        assert_eq!(rows, format!("[[{expected}]]"), "{expression}");
        serde_json::from_str::<serde_json::Value>(&rows)
            .unwrap_or_else(|error| panic!("{expression}: {error}"));
    }
}

#[tokio::test]
async fn numbers_keep_every_digit() {
    each(
        "create domain cents as numeric(20,2)",
        &[
            ("true", "true"),
            ("null::bool", "null"),
            ("1::int2", "1"),
            ("(-2147483648)::int4", "-2147483648"),
            ("9007199254740991::int8", "9007199254740991"),
            ("(-9007199254740991)::int8", "-9007199254740991"),
            ("9007199254740992::int8", "\"9007199254740992\""),
            ("9007199254740993::int8", "\"9007199254740993\""),
            ("(-9223372036854775808)::int8", "\"-9223372036854775808\""),
            ("4294967295::oid", "4294967295"),
            ("1.10::numeric", "\"1.10\""),
            ("1::numeric", "\"1\""),
            ("'NaN'::numeric", "\"NaN\""),
            ("'-Infinity'::numeric", "\"-Infinity\""),
            ("1.5::numeric(20,2)::public.cents", "\"1.50\""),
            ("0.1::float8", "0.1"),
            ("0.1::float4", "0.1"),
            ("0.1::float8 + 0.2::float8", "0.30000000000000004"),
            ("1e300::float8", "1e+300"),
            ("1e-7::float8", "1e-07"),
            ("'-0'::float8", "-0"),
            ("5e-324::float8", "5e-324"),
            ("'NaN'::float8", "\"NaN\""),
            ("'Infinity'::float4", "\"Infinity\""),
            ("'-Infinity'::float8", "\"-Infinity\""),
            ("12.34::money", "\"$12.34\""),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_numeric_of_131072_digits_is_whole() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| options.limits.cell = 1 << 20);
    let answer = ask(&gateway, "select (repeat('9', 131072))::numeric", 1).await.unwrap();
    assert_eq!(answer.rows, format!("[[\"{}\"]]", "9".repeat(131_072)));
    assert_eq!((answer.cut_cells, answer.bytes), (0, 131_072));
}

#[tokio::test]
async fn texts_are_strings() {
    each(
        "create extension citext; create type mood as enum ('sad', 'very \"glad\"')",
        &[
            ("'plain'::text", "\"plain\""),
            ("''::text", "\"\""),
            ("E'a\"b\\\\c\\n\\t\\r\\x01/é漢🦀'::text", "\"a\\\"b\\\\c\\n\\t\\r\\u0001/é漢🦀\""),
            ("'null'::text", "\"null\""),
            ("'5'::varchar(3)", "\"5\""),
            ("'ab'::char(4)", "\"ab  \""),
            ("'x'::\"char\"", "\"x\""),
            ("'a_name'::name", "\"a_name\""),
            ("'An unknown literal'", "\"An unknown literal\""),
            ("null", "null"),
            ("'MiXed'::public.citext", "\"MiXed\""),
            ("'very \"glad\"'::public.mood", "\"very \\\"glad\\\"\""),
            ("'6f1ed1b0-0000-4000-8000-00000000000a'::uuid", "\"6f1ed1b0-0000-4000-8000-00000000000a\""),
            (r"'\xdeadBEEF'::bytea", r#""\\xdeadbeef""#),
            ("''::bytea", r#""\\x""#),
            ("'10.0.0.1'::inet", "\"10.0.0.1\""),
            ("'10.0.0.1/8'::inet", "\"10.0.0.1/8\""),
            ("'10.0.0.0/8'::cidr", "\"10.0.0.0/8\""),
            ("'::1'::inet", "\"::1\""),
            ("'08:00:2b:01:02:03'::macaddr", "\"08:00:2b:01:02:03\""),
            ("'08:00:2b:01:02:03:04:05'::macaddr8", "\"08:00:2b:01:02:03:04:05\""),
            ("B'0101'::bit(4)", "\"0101\""),
            ("B'01'::varbit", "\"01\""),
            ("'<a b=\"1\"/>'::xml", "\"<a b=\\\"1\\\"/>\""),
            ("to_tsvector('simple', 'a b a')", "\"'a':1,3 'b':2\""),
            ("'a & b'::tsquery", "\"'a' & 'b'\""),
            ("point(1,2.5)", "\"(1,2.5)\""),
            ("'[(0,0),(1,1)]'::lseg", "\"[(0,0),(1,1)]\""),
            ("pg_catalog.int4range(1, 5)", "\"[1,5)\""),
            ("'empty'::numrange", "\"empty\""),
            ("'{[1,3), [5,7)}'::int4multirange", "\"{[1,3),[5,7)}\""),
        ],
    )
    .await;
}

#[tokio::test]
async fn moments_are_iso_8601() {
    each(
        "",
        &[
            ("date '2026-11-22'", "\"2026-11-22\""),
            ("date 'infinity'", "\"infinity\""),
            ("date '-infinity'", "\"-infinity\""),
            ("date '0044-03-15 BC'", "\"0044-03-15 BC\""),
            ("timestamp '2026-11-22 12:34:56.789'", "\"2026-11-22T12:34:56.789\""),
            ("timestamp 'infinity'", "\"infinity\""),
            ("timestamptz '2026-11-22 12:34:56+02'", "\"2026-11-22T10:34:56+00:00\""),
            ("timestamptz '0044-03-15 00:00:00+00 BC'", "\"0044-03-15T00:00:00+00:00 BC\""),
            ("timestamptz '-infinity'", "\"-infinity\""),
            ("time '12:34:56.5'", "\"12:34:56.5\""),
            ("timetz '12:34:56+02'", "\"12:34:56+02\""),
            ("interval '1 year 2 months -3 days 4:05:06.7'", "\"P1Y2M-3DT4H5M6.7S\""),
            ("interval '0'", "\"PT0S\""),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_the_operator_has_set_does_not_change_a_value() {
    let house = House::with("").await;
    let mut admin = house.admin().await;
    for setting in [
        "datestyle to 'German, DMY'",
        "intervalstyle to 'sql_standard'",
        "bytea_output to 'escape'",
        "extra_float_digits to -15",
        "timezone to 'Asia/Tokyo'",
        "standard_conforming_strings to off",
    ] {
        execute(&mut admin, &format!("alter database house_{} set {setting}", house.number)).await;
    }
    let gateway = house.gateway();
    let sql = r"select date '2026-11-22', interval '1 day', '\xff'::bytea, 0.1::float8 + 0.2::float8,
        timestamptz '2026-01-01 00:00+00', array[date '2026-11-22'], 'a\b'";
    assert_eq!(
        rows(&gateway, sql, 7).await,
        r#"[["2026-11-22","P1D","\\xff",0.30000000000000004,"2026-01-01T00:00:00+00:00",["2026-11-22"],"a\\b"]]"#
    );
}

#[tokio::test]
async fn documents_stay_as_they_are() {
    each(
        "",
        &[
            ("'{\"b\": 1, \"a\": [true, null, \"x\"]}'::jsonb", r#"{"a":[true,null,"x"],"b":1}"#),
            ("'{\"b\" : 1.10,\n \"a\":2, \"a\":3}'::json", r#"{"b":1.10,"a":2,"a":3}"#),
            ("'123456789012345678901234567890.10'::jsonb", "123456789012345678901234567890.10"),
            ("'\"text\"'::jsonb", "\"text\""),
            ("'null'::jsonb", "null"),
            ("'[]'::json", "[]"),
            ("'{}'::json", "{}"),
            (r#"'"\ud83e\udd80 \u0041 \\ud800"'::json"#, r#""\ud83e\udd80 \u0041 \\ud800""#),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_document_that_readers_cannot_read_does_not_spoil_the_answer() {
    let deep = format!("'{}{}'::json", "[".repeat(500), "]".repeat(500));
    let as_text = format!("\"{}{}\"", "[".repeat(500), "]".repeat(500));
    each(
        "",
        &[
            (r#"'"\ud800 and \udc00\ud800"'::json"#, r#""\ufffd and \ufffd\ufffd""#),
            ("'[1e400, 1e300]'::json", "[\"1e400\",1e300]"),
            (r#"'{"\ud800": 1}'::json"#, r#"{"\ufffd":1}"#),
            (&deep, &as_text),
        ],
    )
    .await;
}

#[tokio::test]
async fn arrays_are_arrays() {
    each(
        "create type mood as enum ('sad', 'glad'); create domain ids as int8[]; create domain id as int8",
        &[
            ("array[1, null, 3]", "[1,null,3]"),
            ("'{}'::int4[]", "[]"),
            ("null::int4[]", "null"),
            ("array[[1,2],[3,null]]", "[[1,2],[3,null]]"),
            ("'[2:3]={1,2}'::int4[]", "[1,2]"),
            ("array[9007199254740991, 9007199254740993]", "[9007199254740991,\"9007199254740993\"]"),
            ("array[[[9007199254740993]]]", "[[[\"9007199254740993\"]]]"),
            ("array[1.10, null, 'NaN']::numeric[]", "[\"1.10\",null,\"NaN\"]"),
            ("array[[1.0],[2.50]]", "[[\"1.0\"],[\"2.50\"]]"),
            ("array[0.1, 'NaN', 'Infinity']::float8[]", "[0.1,\"NaN\",\"Infinity\"]"),
            ("array[true, null]", "[true,null]"),
            ("array['a\"b', 'null', null, '5', '[', E'\\n']", r#"["a\"b","null",null,"5","[","\n"]"#),
            ("array['glad']::public.mood[]", "[\"glad\"]"),
            ("array[date 'infinity', '2026-01-02']", "[\"infinity\",\"2026-01-02\"]"),
            ("array['{\"a\": 1.10}']::jsonb[]", "[{\"a\":1.10}]"),
            (r"array['\xff']::bytea[]", r#"["\\xff"]"#),
            ("array[int4range(1,3)]", "[\"[1,3)\"]"),
            ("array[interval '1 day']", "[\"P1D\"]"),
            ("'{9007199254740993}'::public.ids", "[\"9007199254740993\"]"),
            ("array[9007199254740993]::public.id[]", "[\"9007199254740993\"]"),
        ],
    )
    .await;
}

#[tokio::test]
async fn composites_are_objects() {
    each(
        "create domain cents as numeric(20,2);
         create type part as (n int8, price public.cents, tags text[]);
         create type whole as (id int4, parts public.part[], \"odd \"\" name\" bool, w float8);
         create domain boxed as public.part;
         create type shrunk as (a int8, b int8); alter type shrunk drop attribute a;
         create table t (id int8, price numeric); insert into t values (9007199254740993, 1.10);
         create extension hstore",
        &[
            ("row(1, 2.50, array['a', null])::public.part", r#"{"n":1,"price":"2.50","tags":["a",null]}"#),
            (
                "row(1, array[row(9007199254740993, 1, '{}')::public.part, null], true, 0.5)::public.whole",
                r#"{"id":1,"parts":[{"n":"9007199254740993","price":"1.00","tags":[]},null],"odd \" name":true,"w":0.5}"#,
            ),
            ("row(1, 2, null)::public.part::public.boxed", r#"{"n":1,"price":"2.00","tags":null}"#),
            ("row(9007199254740993)::public.shrunk", r#"{"b":"9007199254740993"}"#),
            ("(select t from public.t)", r#"{"id":"9007199254740993","price":"1.10"}"#),
            ("row(1, 2.50, 2.5, 9007199254740993, 'x', 1e300::float8)", r#"{"f1":1,"f2":"2.50","f3":2.5,"f4":"9007199254740993","f5":"x","f6":1e+300}"#),
            ("'a=>1'::public.hstore", r#""\"a\"=>\"1\"""#),
            ("array['a=>1'::public.hstore]", r#"[{"a":"1"}]"#),
        ],
    )
    .await;
}

#[tokio::test]
async fn domains_are_their_base_types() {
    each(
        "create type mood as enum ('sad', 'glad');
         create domain d_bool as bool; create domain d_int8 as int8; create domain d_deep as d_int8;
         create domain d_char as char(4); create domain d_bytea as bytea; create domain d_inet as inet;
         create domain d_json as jsonb; create domain d_mood as mood; create domain d_date as date;
         create domain d_text as text; create domain d_range as int4range; create domain d_stamp as timestamptz",
        &[
            ("true::public.d_bool", "true"),
            ("9007199254740993::public.d_int8", "\"9007199254740993\""),
            ("5::public.d_deep", "5"),
            ("'ab'::public.d_char", "\"ab  \""),
            (r"'\xff'::public.d_bytea", r#""\\xff""#),
            ("'10.0.0.1'::public.d_inet", "\"10.0.0.1\""),
            ("'{\"a\": 1}'::public.d_json", "{\"a\":1}"),
            ("'glad'::public.d_mood", "\"glad\""),
            ("'infinity'::public.d_date", "\"infinity\""),
            ("'x'::public.d_text", "\"x\""),
            ("'[1,2)'::public.d_range", "\"[1,2)\""),
            ("'2026-01-01 00:00+00'::public.d_stamp", "\"2026-01-01T00:00:00+00:00\""),
        ],
    )
    .await;
}

#[tokio::test]
async fn equal_names_and_no_columns_are_told_apart() {
    let house = House::with("create table t (id int); insert into t values (1), (2)").await;
    let gateway = house.gateway();
    assert_eq!(rows(&gateway, "select 1 as a, 2 as a, 3 as \"c1\"", 3).await, "[[1,2,3]]");
    assert_eq!(rows(&gateway, "select from public.t", 0).await, "[[],[]]");
}

#[tokio::test]
async fn the_shape_of_a_statement_is_kept() {
    let house = House::with("create table t (id int, name text); insert into t select g, 'n' || g % 3 from generate_series(1, 9) g").await;
    let gateway = house.gateway();
    for (sql, columns, expected) in [
        ("select id from public.t order by id desc limit 3", 1, "[[9],[8],[7]]"),
        ("select id from public.t order by name desc, id desc offset 1 limit 2", 1, "[[5],[2]]"),
        ("select 1 union select null union all select 1 order by 1 desc nulls last", 1, "[[1],[1],[null]]"),
        ("with q as (select 5 as c1) select c1 from q", 1, "[[5]]"),
        (
            "select name, count(*) from public.t group by name order by name",
            2,
            "[[\"n0\",3],[\"n1\",3],[\"n2\",3]]",
        ),
        (
            "select distinct on (name) name, id from public.t order by name, id desc",
            2,
            "[[\"n0\",9],[\"n1\",7],[\"n2\",8]]",
        ),
        ("values (1, 'a'), (2, null)", 2, "[[1,\"a\"],[2,null]]"),
        ("select row_number() over (order by id desc), id from public.t order by id limit 1", 2, "[[9,1]]"),
        ("select id from public.t where id = 3 -- a comment to the end", 1, "[[3]]"),
        ("select id from public.t where false", 1, "[]"),
    ] {
        assert_eq!(rows(&gateway, sql, columns).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn a_database_that_keeps_any_bytes_gives_those_that_are_text() {
    let house = House::with("").await;
    let name = format!("ascii_{}", house.number);
    let create = format!("create database {name} encoding 'SQL_ASCII' locale 'C' template template0");
    execute(&mut house.admin().await, &create).await;
    let gateway = house.gateway_with(|options| options.connect = options.connect.clone().database(&name));
    assert_eq!(rows(&gateway, r"select E'\xc3\xa9', array[E'\xc3\xa9']", 2).await, r#"[["é",["é"]]]"#);
    let fault = fault(&gateway, r"select E'\xff'", 1).await;
    assert!(matches!(fault, Fault::Execution { ref sqlstate, .. } if sqlstate == "22021"), "{fault:?}");
}

#[tokio::test]
async fn a_column_of_a_new_type_comes_back_right() {
    let house = House::with("create table t (v int8); insert into t values (1)").await;
    let gateway = house.gateway();
    let sql = "select v from public.t";
    assert_eq!(rows(&gateway, sql, 1).await, "[[1]]");
    execute(&mut house.admin().await, "alter table t alter v type numeric using 1.10").await;
    assert_eq!(rows(&gateway, sql, 1).await, "[[\"1.10\"]]");
    execute(&mut house.admin().await, "alter table t alter v type bytea using '\\x01'").await;
    assert_eq!(rows(&gateway, sql, 1).await, r#"[["\\x01"]]"#);
    execute(&mut house.admin().await, "alter table t alter v type inet using '::1'").await;
    super::catalog::names(&gateway, &[("public", "t", None)]).await;
    assert_eq!(rows(&gateway, sql, 1).await, r#"[["::1"]]"#);
    execute(&mut house.admin().await, "alter table t alter v type int4 using 7").await;
    assert!(fault(&gateway, sql, 1).await.tells_that_the_catalog_changed());
    assert_eq!(rows(&gateway, sql, 1).await, "[[7]]");
    execute(&mut house.admin().await, "alter table t alter v type numeric[] using '{1.10}'").await;
    super::catalog::names(&gateway, &[("public", "t", None)]).await;
    assert_eq!(rows(&gateway, sql, 1).await, r#"[[["1.10"]]]"#);
}
