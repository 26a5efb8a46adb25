//! Usage and overview count what the record holds.

use crate::world::{Made, World};
use server::flow::index_calls::index_calls;
use server::flow::overview::overview;
use server::flow::people::find;
use server::flow::usage::{Sums, add_trends, usage, usage_of};
use server::model::person::Person;
use server::model::window::Window;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;
use time::Duration;

impl World {
    /// What the record holds of each person since the window began.
    async fn counted(&self, window: Window) -> BTreeMap<String, Sums> {
        let since = window.since(self.now());
        let sql = format!(
            "select person_id::text, count(*) filter (where decision = 'allowed'), \
             count(*) filter (where decision = 'refused'), count(*) filter (where decision = 'failed'), \
             count(*) filter (where decision is null), sum(coalesce(row_count, 0))::int8, \
             sum(coalesce(byte_count, 0))::int8 from portcullis.attempts \
             left join portcullis.outcomes on attempt_id = id where attempts.at >= '{since}' group by 1"
        );
        let rows: Vec<(String, i64, i64, i64, i64, i64, i64)> =
            sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&self.house.store).await.unwrap();
        let mut sums: BTreeMap<String, Sums> = rows
            .into_iter()
            .map(|(person, allowed, refused, failed, unfinished, rows, bytes)| {
                (person, Sums { allowed, refused, failed, unfinished, denied: 0, rows, bytes })
            })
            .collect();
        let sql = format!(
            "select person_id::text, count(*) from portcullis.denials where at >= '{since}' group by 1"
        );
        let rows: Vec<(String, i64)> =
            sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&self.house.store).await.unwrap();
        for (person, denied) in rows {
            sums.entry(person).or_default().denied = denied;
        }
        sums
    }
}

#[tokio::test]
async fn each_window_counts_what_the_record_holds() {
    let world = World::new().await;
    world.chance(5_000).await;
    world.denials(600).await;
    for later in [Duration::minutes(11), Duration::minutes(20), Duration::hours(30)] {
        world.later(later);
        world.index().await;
        for window in Window::ALL {
            let figures = overview(&world.house.portcullis, window).await.unwrap().figures;
            let counted = world.counted(window).await;
            let mut found = usage(&world.house.portcullis, window).await.unwrap();
            add_trends(&world.house.portcullis, found.since, &mut found.people).await.unwrap();
            let by_person: BTreeMap<String, Sums> =
                found.people.iter().map(|person| (person.person_id.to_string(), person.sums)).collect();
            assert_eq!(by_person, counted, "{window:?}");
            for person in &found.people {
                assert_eq!(person.trend.iter().map(Sums::calls).sum::<i64>(), person.sums.calls());
            }
            let mut all = Sums::default();
            for sums in counted.values() {
                all += *sums;
            }
            assert_eq!((figures.window, figures.sums), (window, all));
            let callers = counted.values().filter(|sums| sums.calls() > 0).count();
            assert_eq!(figures.people, callers);
            let most = counted.values().map(Sums::calls).max().filter(|calls| *calls > 0);
            assert_eq!(figures.top_people.first().map(|(_, calls)| *calls), most);
        }
    }
}

#[tokio::test]
async fn the_overview_shows_what_was_read_most_and_what_was_refused_last() {
    let world = World::new().await;
    world.chance(3_000).await;
    world.later(Duration::minutes(11));
    world.index().await;
    let overview = overview(&world.house.portcullis, Window::Week).await.unwrap();
    let week = &overview.figures;
    let since = week.since;
    let sql = format!(
        "select relation, count(*) from portcullis.attempts join portcullis.outcomes on attempt_id = id, \
         unnest(relations) relation where attempts.at >= '{since}' group by 1 order by 2 desc, 1 limit 8"
    );
    let counted: Vec<(String, i64)> =
        sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&world.house.store).await.unwrap();
    let found: Vec<(String, i64)> =
        week.top_relations.iter().map(|ranked| (ranked.name.clone(), ranked.calls)).collect();
    assert_eq!(found, counted);
    let sql = "select id from portcullis.attempts join portcullis.outcomes on attempt_id = id \
               where decision = 'refused' order by id desc limit 6";
    let refused: Vec<uuid::Uuid> = sqlx::query_scalar(sql).fetch_all(&world.house.store).await.unwrap();
    assert_eq!(overview.refused.iter().map(|line| line.id).collect::<Vec<_>>(), refused);
    let sql = format!(
        "select percentile_disc(0.95) within group (order by duration_us) from portcullis.attempts \
         join portcullis.outcomes on attempt_id = id where attempts.at >= '{since}'"
    );
    let exact: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&world.house.store).await.unwrap();
    let shown = week.latency.unwrap().p95.as_micros() as f64;
    assert!((shown / exact as f64 - 1.0).abs() < 0.1, "{shown} for {exact}");
}

#[tokio::test]
async fn a_person_is_known_by_their_habits() {
    let world = World::new().await;
    let at = world.now();
    for n in 0..5 {
        let outcome = if n < 3 { ("allowed", None) } else { ("refused", Some("select_star")) };
        world.make(&Made { at, sql: None, tool: "run_query", outcome: Some(outcome) }).await;
    }
    let portcullis = &world.house.portcullis;
    let demo = find(portcullis, &"demo".parse().unwrap()).await.unwrap().expect("everybody knows demo");
    let id = "00000000-0000-7000-8000-000000000001".parse().unwrap();
    let conduct = usage_of(portcullis, &Person { id, ..demo }).await.unwrap();
    for usage in &conduct.windows {
        assert_eq!((usage.sums.allowed, usage.sums.refused, usage.sums.rows), (3, 2, 15));
    }
    let habits: Vec<(&str, &str, i64)> =
        conduct.habits.iter().map(|habit| (habit.kind.as_str(), habit.name.as_str(), habit.calls)).collect();
    assert_eq!(
        habits,
        [
            ("client", "A client", 5),
            ("profile", "analyst", 5),
            ("reason", "select_star", 2),
            ("relation", "public.orders", 5)
        ]
    );
}

#[tokio::test]
async fn denials_that_come_late_are_counted() {
    let world = World::new().await;
    world.denials(50).await;
    world.index().await;
    world.later(Duration::hours(2));
    while index_calls(&world.house.portcullis).await.unwrap().unwrap().more {}
    world.denial(world.now() - Duration::hours(3)).await;
    world.later(Duration::hours(1));
    world.index().await;
    let found = usage(&world.house.portcullis, Window::Week).await.unwrap();
    let denied: i64 = found.people.iter().map(|person| person.sums.denied).sum();
    let counted: i64 = world.counted(Window::Week).await.values().map(|sums| sums.denied).sum();
    assert_eq!(denied, counted);
    assert!(denied > 1);
}
