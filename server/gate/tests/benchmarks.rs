//! The questions of two benchmarks are admitted, one and all.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

use std::{fs, path::Path};

use gate::{Kind, Offset, Policy, Recursion, SelectStar, Surface, TableFunctions, judge};
use support::surface_of;

fn expanding() -> Policy {
    Policy { select_star: SelectStar::Expand, ..Policy::default() }
}

/// The statements of a folder by their names, and the tables that they read.
fn benchmark(name: &str) -> (Surface, Vec<(String, String)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/benchmarks").join(name);
    let mut statements: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
        })
        .collect();
    statements.sort();
    (surface_of(&fs::read_to_string(folder.join("surface.json")).unwrap()), statements)
}

/// The printed text has no stars left, so that it is judged under the strictest policy, and is its own printed text.
fn all_are_admitted(name: &str, count: usize) {
    let (surface, statements) = benchmark(name);
    assert_eq!(statements.len(), count);
    for (question, sql) in statements {
        let admitted = judge(&sql, &surface, &expanding())
            .unwrap_or_else(|refusal| panic!("{name} {question}: {refusal} ({})", refusal.advice()));
        let again = judge(admitted.text(), &surface, &Policy::default())
            .unwrap_or_else(|refusal| panic!("{name} {question}: {refusal}\n{}", admitted.text()));
        assert_eq!(again.text(), admitted.text(), "{name} {question}");
        assert_eq!(again.relations(), admitted.relations(), "{name} {question}");
        assert_eq!(again.functions(), admitted.functions(), "{name} {question}");
    }
}

#[test]
fn the_22_questions_of_tpc_h_are_admitted() {
    all_are_admitted("tpch", 22);
}

#[test]
fn the_99_questions_of_tpc_ds_are_admitted() {
    all_are_admitted("tpcds", 99);
}

/// The questions of a folder whose files hold several, each below its title.
fn titled(name: &str) -> (Surface, Vec<(String, String)>) {
    let (surface, files) = benchmark(name);
    let questions = files.iter().flat_map(|(_, text)| text.split("-- ").skip(1)).map(|question| {
        let (title, sql) = question.split_once('\n').unwrap();
        (title.to_owned(), sql.to_owned())
    });
    (surface, questions.collect())
}

#[test]
fn an_analysts_questions_are_admitted() {
    let (surface, questions) = titled("rides");
    let trigrams = ["similarity", "word_similarity", "show_trgm"];
    let in_ext = |names: &[&str]| names.iter().map(|&name| (name.to_owned(), "ext".to_owned())).collect();
    let policy = Policy {
        offset: Offset::Allow,
        set_returning: gate::allowed_functions()
            .filter(|(_, kind)| *kind == Kind::SetReturning)
            .map(|(name, _)| name.to_owned())
            .collect(),
        table_functions: TableFunctions::Allow,
        recursion: Recursion::Bounded(50),
        extension_functions: in_ext(&trigrams),
        extension_types: in_ext(&["citext"]),
        extension_operators: in_ext(&["<%"]),
        ..expanding()
    };
    let mut by_default = 0;
    for (title, sql) in &questions {
        let admitted = judge(sql, &surface, &policy)
            .unwrap_or_else(|refusal| panic!("{title}: {refusal} ({})\n{sql}", refusal.advice()));
        let again = judge(admitted.text(), &surface, &policy).unwrap();
        assert_eq!(again.text(), admitted.text(), "{title}");
        by_default += usize::from(judge(sql, &surface, &Policy::default()).is_ok());
    }
    println!("{} questions, {by_default} of them under the strictest policy", questions.len());
    assert!(questions.len() >= 150 && by_default >= 130, "{} and {by_default}", questions.len());
}

/// What published texts say beside what our own statements say.
#[test]
fn forms_of_the_published_texts_are_admitted() {
    let (surface, _) = benchmark("tpcds");
    for sql in [
        "-- start query 1 in stream 0 using template query1.tpl\nselect i_item_id from item limit 100;\n-- end query 1",
        "select count(*) from (select i_item_sk from item intersect select ss_item_sk from store_sales)",
        "select a.i_brand from (select i_brand from item) a, (select i_brand from item), (select i_class from item)",
        "select i_category, grouping(i_category) + grouping(i_class) as level from item group by rollup (i_category, i_class) \
         order by level desc, case when level = 0 then i_category end",
        "select sum(ss_net_paid) as value, count(*) returns from store_sales group by ss_store_sk order by value desc",
        "select d_year year, d_moy as month, d_dom day from date_dim group by d_year, d_moy, d_dom order by year, month, day",
        "select d_date from date_dim where d_date between '2000-01-01' and (cast('2000-01-01' as date) + interval '14 days')",
        "select d_date from date_dim where d_date between date '2000-01-01' and date '2000-01-01' + interval '14' day",
        "select * from (select i_item_sk from item) web, (select i_item_sk from item) catalog, (select i_item_sk from item) at",
        "select i_item_sk from item where i_current_price > (50 / 100.0) * (select * from (select max(i_current_price) from item) x)",
        "select cast(sum(ss_quantity) as float8), cast(1 as float), cast('x' as char(3)), cast(5 as dec(15, 4)) from store_sales",
    ] {
        judge(sql, &surface, &expanding()).unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    }
}
