//! The reader takes what the printer writes, and nothing that is a little different.

use serde_json::Value;

use super::{Fault, reread};
use crate::{
    Column, Policy, Recursion, Relation, SelectStar, Surface, TableFunctions, judge, render::render,
    tree::Query,
};

fn surface() -> Surface {
    let json: Value = serde_json::from_str(include_str!("../../tests/corpus/surface.json")).unwrap();
    let relations = json["relations"].as_object().unwrap().iter().map(|(name, columns)| {
        let (schema, name) = name.split_once('.').unwrap();
        let column =
            |(name, kind): (&String, &Value)| Column { name: name.clone(), type_name: kind.to_string() };
        let columns = columns.as_object().unwrap().iter().map(column).collect();
        Relation { schema: schema.to_owned(), name: name.to_owned(), columns }
    });
    Surface::new(vec!["public".to_owned()], relations)
}

fn policy() -> Policy {
    Policy {
        select_star: SelectStar::Expand,
        set_returning: vec!["unnest".to_owned()],
        table_functions: TableFunctions::Allow,
        recursion: Recursion::Bounded(50),
        extension_functions: [("similarity".to_owned(), "ext".to_owned())].into(),
        extension_types: [("citext".to_owned(), "ext".to_owned())].into(),
        ..Policy::default()
    }
}

fn read(text: &str) -> Result<Query, Fault> {
    reread(text, &surface(), &policy())
}

/// A text of one column over orders with `expr` in its place.
fn with(expr: &str) -> String {
    format!("select {expr} as \"x\" from \"public\".\"orders\" as \"o\"")
}

#[track_caller]
fn takes(text: &str) {
    let query = read(text).unwrap_or_else(|fault| panic!("{text}\n{fault}"));
    assert_eq!(render(&query), text);
}

#[track_caller]
fn refuses(text: &str, wanted: &str) {
    let fault = read(text).err().unwrap_or_else(|| panic!("{text} is taken"));
    let Fault::NotCanonical { at: _, wanted: missed } = fault else { panic!("{text}\n{fault}") };
    assert_eq!(missed, wanted, "{text}");
}

#[test]
fn each_thing_is_said_in_one_way() {
    for expr in [
        r#""o"."id" + 1"#,
        r#"("o"."id" * 2) + (- 1)"#,
        r#""pg_catalog"."count"(*) filter (where "o"."id" > 1)"#,
        r#"cast("o"."total" as "pg_catalog"."numeric"(10, 2))"#,
        r#"cast('1' as interval day to second(3)) + cast('{}' as "ext"."citext"[])"#,
        r#"case "o"."status" when 'a' then 1 else 2 end"#,
        r#"(not ("o"."id" is null)) and ("o"."status" like 'a%')"#,
        r#""o"."tags"[1:2]"#,
        r#"("pg_catalog"."array_remove"("o"."tags", 'a'))[1]"#,
        r#""o"."id" = any (select "c"."id" from "public"."customers" as "c")"#,
        r"E'it\'s\n\u0007'",
        r#""ext"."similarity"("o"."status", 'a')"#,
    ] {
        takes(&with(expr));
    }
}

#[test]
fn brackets_are_where_the_printer_puts_them() {
    refuses(&with(r#""o"."id" + 1 * 2"#), "an operator of the same precedence");
    refuses(&with(r#""o"."id" = 1 = 2"#), "an operator of the same precedence");
    refuses(&with(r#"("o"."id") + 1"#), "an operand without brackets");
    refuses(&with(r#"("o"."id" + 1)"#), "an expression without brackets");
    refuses(&with(r#""pg_catalog"."abs"(("o"."id" + 1))"#), "an expression without brackets");
    refuses(&with(r#"("o"."tags")[1]"#), "a column, or brackets");
    refuses(&with(r#""pg_catalog"."array_remove"("o"."tags", 'a')[1]"#), "a column, or brackets");
    refuses(&with(r#"1 in ((select 1 as "y"))"#), "a subquery in one pair of brackets");
    refuses(
        "(select 1 as \"x\") union select 2 as \"x\" intersect select 3 as \"x\"",
        "an operation of the same precedence",
    );
}

#[test]
fn words_are_postgresqls_words() {
    refuses(&with("'it''s'"), "the end of a string");
    refuses(&with(r"'\'"), "'");
    refuses(&with("'a\nb'"), "'");
    refuses(&with("'a'\n'b'"), "the end of a string");
    refuses(&with("'a'b"), "the end of a string");
    refuses(&with("E'plain'"), "a string without E");
    refuses(&with(r"E'\x41'"), "an escape");
    refuses(&with(r"E'\u0041'"), "the code of a control character");
    refuses(&with("e'a'"), "an expression");
    refuses(&with("U&'a'"), "an expression");
    refuses(&with("$$a$$"), "an expression");
    refuses(&with("1a"), "the end of a number");
    refuses(&with("0x1f"), "the end of a number");
    refuses(&with("1e"), "an exponent");
    refuses(&with("1 +-2"), "an operator of the list");
    refuses(&with("1 --1"), "an operator of the list");
    refuses(&with("1 /* */"), "an operator of the list");
    refuses(&with("1  + 2"), "a label");
    refuses(&with("\"o\".id"), "\"");
    refuses(&with("o.\"id\""), "an expression");
    refuses(&with("\"o\".\"\""), "a name");
    refuses(&with(&format!("\"o\".\"{}\"", "x".repeat(64))), "a name");
    refuses("select 1 as \"x", "a name");
    refuses("select 1 as \"x\";", "the end");
    refuses("select 1 as \"x\" ", "the end");
    refuses("select 1 as \"x\"; drop table orders", "the end");
    refuses("select 1 as \"x\" into \"y\"", "the end");
    refuses("select 1 as \"x\" for update", "the end");
    refuses("SELECT 1 as \"x\"", "(");
    refuses("delete from \"public\".\"orders\"", "(");
}

#[test]
fn nothing_is_said_that_is_on_no_list() {
    refuses(&with("\"pg_catalog\".\"pg_sleep\"(9)"), "a function of the list");
    refuses(&with("\"public\".\"lower\"('a')"), "a function of the list");
    refuses(&with("\"pg_catalog\".\"generate_series\"(1, 9)"), "a function that is open");
    refuses(&with("\"pg_catalog\".\"similarity\"('a', 'b')"), "a function of the list");
    refuses(&with("lower('a')"), "an expression");
    refuses(&with("cast('a' as \"pg_catalog\".\"regclass\")"), "a type of the list");
    refuses(&with("cast('1' as \"pg_catalog\".\"int\")"), "a type of the list");
    refuses(&with("cast('1' as int)"), "interval");
    refuses(&with("cast('1' as interval day(3))"), ")");
    refuses(&with("cast('1' as interval hours)"), ")");
    refuses(&with("'a' <=> 'b'"), "an operator of the list");
    refuses(&with("\"o\".\"status\" collate \"public\".\"C\""), "\"pg_catalog\".");
    refuses("select 1 as \"x\" from \"public\".\"secrets\" as \"s\"", "a relation of the surface");
    refuses("select 1 as \"x\" from \"pg_catalog\".\"pg_class\" as \"s\"", "a relation of the surface");
    refuses("select 1 as \"x\" from \"secrets\" as \"s\"", "a member of WITH in reach");
    refuses("select 1 as \"x\" from \"public\".\"orders\" as \"o\"(\"a\")", "the end");
}

#[test]
fn a_column_belongs_to_the_nearest_source_of_its_alias() {
    let customers = |inner: &str| {
        with(&format!(
            "exists (select {inner} as \"y\" from \"public\".\"customers\" as \"c\" where \"o\".\"id\" = \"c\".\"id\")"
        ))
    };
    takes(&customers("\"c\".\"email\""));
    takes(&customers("\"o\".\"total\""));
    refuses(&customers("\"c\".\"total\""), "columns that their sources have");
    refuses(&customers("\"o\".\"email\""), "columns that their sources have");
    refuses(&with("\"o\".\"ctid\""), "columns that their sources have");
    refuses(&with("\"o\".\"o\""), "columns that their sources have");
    refuses(&with("\"p\".\"id\""), "columns of a source in reach");
    // The inner alias hides the outer one.
    refuses(
        &with("exists (select \"o\".\"total\" from \"public\".\"customers\" as \"o\")"),
        "columns that their sources have",
    );
}

#[test]
fn a_source_sees_what_postgresql_lets_it_see() {
    let from = |from: &str| format!("select 1 as \"x\" from \"public\".\"orders\" as \"o\"{from}");
    takes(&from(", lateral (select \"o\".\"id\") as \"d\""));
    refuses(&from(", (select \"o\".\"id\") as \"d\""), "columns of a source in reach");
    takes(&from(", \"pg_catalog\".\"unnest\"(\"o\".\"tags\") as \"t\"(\"t\")"));
    takes(&from(" join \"public\".\"products\" as \"p\" on \"p\".\"id\" = \"o\".\"id\""));
    refuses(
        &from(
            ", \"public\".\"customers\" as \"c\" join \"public\".\"products\" as \"p\" on \"p\".\"id\" = \"o\".\"id\"",
        ),
        "columns of a source in reach",
    );
    takes(&from(" join \"public\".\"products\" as \"p\" using (\"id\")"));
    refuses(&from(" join \"public\".\"products\" as \"p\" using (\"total\")"), "columns of both sides");
    takes(&from(
        " left join ((select 1 as \"a\") as \"d\" cross join \"public\".\"products\" as \"p\") on \"d\".\"a\" = 1",
    ));
    refuses(&from(" left join (\"public\".\"products\" as \"p\") on true"), "a join in brackets");
}

#[test]
fn a_member_of_with_is_in_reach_of_what_follows() {
    takes(
        "with \"a\" as (select 1 as \"x\"), \"b\" as (select \"a\".\"x\" from \"a\" as \"a\") select \"b\".\"x\" from \"b\" as \"b\"",
    );
    refuses(
        "with \"b\" as (select \"a\".\"x\" from \"a\" as \"a\"), \"a\" as (select 1 as \"x\") select \"b\".\"x\" from \"b\" as \"b\"",
        "a member of WITH in reach",
    );
    refuses(
        "with \"a\" as (select 1 as \"x\") select \"a\".\"y\" from \"a\" as \"a\"",
        "columns that their sources have",
    );
    refuses(
        "with recursive \"a\" as (select 1 as \"x\") select \"a\".\"x\" from \"a\" as \"a\"",
        "a recursion",
    );
    let recursion = |outer: &str, name: &str| {
        format!(
            "with \"z\" as (select 1 as \"x\") select 1 as \"x\" from (with recursive \"y\" as (select \"z\".\"x\" from \
             \"z\" as \"z\"), \"{name}\" as (select 1 as \"x\" union all select \"r\".\"x\" + 1 as \"?column?\" from \
             \"{name}\" as \"r\" where \"r\".\"x\" < 9) select \"{outer}\".\"x\" from \"{outer}\" as \"{outer}\") as \"d\""
        )
    };
    takes(&recursion("w", "w"));
    // PostgreSQL would take the later member for the outer one.
    refuses(&recursion("z", "z"), "a name that no later member has");
}

#[test]
fn a_number_behind_order_by_is_an_output_and_nothing_else() {
    takes("select 1 as \"x\" order by 1 desc nulls last limit 5");
    refuses("select 1 as \"x\" order by 01", "the number of an output");
    refuses("select 1 as \"x\" order by 1.5", "the number of an output");
    refuses("select 1 as \"x\" order by 'a'", "a key that is no constant");
    refuses("select 1 as \"x\" limit 05", "a whole number");
    refuses("select 1 as \"x\" limit all", "a whole number");
    takes(&with("\"pg_catalog\".\"sum\"(1) over (order by 1)"));
}

/// The strongest law: whatever is taken prints itself. So nothing else is taken than what the printer writes.
#[test]
fn what_is_taken_prints_itself() {
    let (surface, policy) = (surface(), policy());
    let mut dice = 1_u64;
    let mut below = move |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap() % sides
    };
    let (mut texts, mut taken) = (0, 0);
    for line in [
        include_str!("../../tests/corpus/breadth.jsonl"),
        include_str!("../../tests/corpus/precedence.jsonl"),
    ]
    .into_iter()
    .flat_map(str::lines)
    {
        let case: Value = serde_json::from_str(line).unwrap();
        let Ok(admitted) = judge(case["sql"].as_str().unwrap(), &surface, &policy) else { continue };
        let text = admitted.text();
        let marks =
            ["\"", "'", "(", ")", " ", ",", ".", "1", "E", "\\", "-", "*", "[", "]", "", "not ", "or ", "x"];
        for _ in 0..40 {
            let (start, length) = (below(text.len()), below(3));
            let (Some(before), Some(after)) = (text.get(..start), text.get(start + length..)) else {
                continue;
            };
            let mutated = format!("{before}{}{after}", marks[below(marks.len())]);
            texts += 1;
            if let Ok(query) = reread(&mutated, &surface, &policy) {
                assert_eq!(render(&query), mutated);
                taken += 1;
            }
        }
    }
    assert!(texts > 15_000 && taken > 500, "{taken} of {texts}");
}
