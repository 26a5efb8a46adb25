//! Generated statements over random data: the printed text gives the rows of the original, or fails as it does.

#[path = "../../gate/tests/support/grammar/mod.rs"]
mod grammar;

use super::{code, database, rows, surface};
use gate::{Policy, judge};
use sqlx::{Executor, PgConnection};

const GENERATED: u64 = 5_000;

#[tokio::test]
async fn generated_statements_keep_their_rows() {
    let mut database = database("gate_generated").await;
    fill(&mut database).await;
    let (surface, policy) = (surface(), Policy::default());
    let (mut same_rows, mut some_rows, mut same_error, mut too_slow) = (0, 0, 0, 0);
    for number in 0..GENERATED {
        let sql = grammar::statement(number);
        let admitted = judge(&sql, &surface, &policy).unwrap_or_else(|refusal| panic!("{sql}\n{refusal}"));
        let printed = rows(&mut database, "pg_catalog", admitted.text()).await;
        let original = rows(&mut database, "public, pg_catalog", &sql).await;
        match (printed, original) {
            // Chance also joins everything with everything; on a busy machine one of the two comes too late.
            (Err(error), _) | (_, Err(error)) if code(&error) == "57014" => too_slow += 1,
            (Ok(printed), Ok(original)) => {
                assert_eq!(printed, original, "statement {number}\n{sql}\n{}", admitted.text());
                same_rows += 1;
                some_rows += usize::from(!original.is_empty());
            }
            (Err(printed), Err(original)) => {
                assert_eq!(code(&printed), code(&original), "statement {number}\n{sql}\n{}", admitted.text());
                same_error += 1;
            }
            (printed, original) => panic!("{sql}\n{}\n{printed:?}\n{original:?}", admitted.text()),
        }
    }
    println!(
        "{same_rows} gave the same rows, {some_rows} of them some; {same_error} the same error; {too_slow} took too long"
    );
    assert!(too_slow < GENERATED / 100, "{too_slow} of {GENERATED} took too long");
    assert!(some_rows > 2_500, "only {some_rows} of {GENERATED} have rows");
}

/// Chance with a beginning, so that a failure comes back.
async fn fill(database: &mut PgConnection) {
    let fill = "
        select setseed(0.42);
        insert into public.customers select i, 'Name ' || chr(97 + (random() * 25)::int), 'a' || i || '@b.c', (array['Paris', 'Bern', null])[1 + (random() * 2)::int], timestamptz '2024-01-01 00:00+00' + i * interval '31 hours' from generate_series(10, 16) i;
        insert into public.orders select i, 10 + (random() * 6)::int, (array['paid', 'new', 'a_b', null])[1 + (random() * 3)::int], round((random() * 500)::numeric, 2), timestamptz '2023-12-01 00:00+00' + random() * interval '200 days', array['x', chr(97 + (random() * 5)::int)], jsonb_build_object('k', chr(97 + (random() * 5)::int), 'n', i) from generate_series(10, 24) i;
        insert into public.order_items select 10 + (random() * 14)::int, 10 + (random() * 4)::int, 1 + (random() * 9)::int, round((random() * 90)::numeric, 2) from generate_series(1, 18) i;
        insert into public.products select i, 'sku-' || i, 'Title ' || i % 4, round((random() * 90)::numeric, 2) from generate_series(10, 14) i;
        analyze; set statement_timeout = '3s'; set jit = off; set max_parallel_workers_per_gather = 0
    ";
    database.execute(sqlx::raw_sql(fill)).await.unwrap();
}
