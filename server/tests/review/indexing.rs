//! The index keeps up with the record, whatever comes late, and counts everything once.

use crate::world::{Made, World, attempt, outcome};
use server::flow::index_calls::index_calls;
use server::model::review::CallFilter;
use server::model::rng::Rng;
use sqlx::{AssertSqlSafe, Row};
use time::Duration;

fn allowed(at: time::OffsetDateTime) -> Made<'static> {
    Made { at, sql: Some("select 1 from orders"), tool: "run_query", outcome: Some(("allowed", None)) }
}

#[tokio::test]
async fn a_finished_call_is_found_at_once() {
    let world = World::new().await;
    let token = world.house.token().await;
    world.index().await;
    for n in 1..=3 {
        world.house.query(&token, &format!("select count(id) as n{n} from orders")).await;
        let calls = world.look(&CallFilter::default(), None).await;
        assert_eq!((calls.page.lines.len(), calls.behind), (n, None));
        let newest = &calls.page.lines[0];
        assert_eq!((newest.person.as_str(), newest.decision.as_str()), ("demo", "allowed"));
        assert!(
            newest.asked.as_deref().unwrap().contains(&format!("as n{n} ")) && newest.row_count == 1,
            "{newest:?}"
        );
        world.later(Duration::seconds(20));
    }
}

#[tokio::test]
async fn an_attempt_without_an_outcome_is_unfinished_after_ten_minutes() {
    let world = World::new().await;
    let open = Made { outcome: None, ..allowed(world.now()) };
    let id = world.make(&open).await;
    for _ in 0..9 {
        world.index().await;
        assert!(world.newest().await.is_empty());
        world.later(Duration::minutes(1));
    }
    world.later(Duration::seconds(61));
    let calls = world.look(&CallFilter::default(), None).await;
    assert_eq!(calls.page.lines.len(), 1);
    assert_eq!((calls.page.lines[0].id, calls.page.lines[0].decision.as_str()), (id, "unfinished"));
}

#[tokio::test]
async fn a_call_that_took_long_is_found_as_soon_as_it_ends() {
    let world = World::new().await;
    let begun = world.now();
    let id = world.make(&Made { outcome: None, ..allowed(begun) }).await;
    for _ in 0..8 {
        world.index().await;
        world.later(Duration::minutes(1));
    }
    assert!(world.newest().await.is_empty());
    outcome(&mut world.house.store.acquire().await.unwrap(), id, begun, "failed", Some("timeout")).await;
    assert_eq!(world.newest().await, [id]);
}

#[tokio::test]
async fn an_outcome_that_comes_after_all_takes_the_place_of_none() {
    let world = World::new().await;
    let begun = world.now();
    let id = world.make(&Made { outcome: None, ..allowed(begun) }).await;
    world.later(Duration::hours(3));
    world.index().await;
    outcome(&mut world.house.store.acquire().await.unwrap(), id, begun, "allowed", None).await;
    world.later(Duration::minutes(1));
    world.index().await;
    let calls = world.look(&CallFilter::default(), None).await;
    assert_eq!(calls.page.lines.len(), 1);
    assert_eq!((calls.page.lines[0].id, calls.page.lines[0].decision.as_str()), (id, "allowed"));
    sums_are_right(&world).await;
}

#[tokio::test]
async fn what_is_committed_late_is_not_lost() {
    let world = World::new().await;
    let (late, at) = (Rng::system().uuid_at(world.now()).unwrap(), world.now());
    let mut transaction = world.house.store.begin().await.unwrap();
    attempt(&mut transaction, late, &allowed(at)).await;
    outcome(&mut transaction, late, at, "allowed", None).await;
    for _ in 0..5 {
        world.later(Duration::minutes(1));
        world.make(&allowed(world.now())).await;
        world.index().await;
    }
    transaction.commit().await.unwrap();
    world.later(Duration::seconds(31));
    world.index().await;
    let newest = world.newest().await;
    assert_eq!((newest.len(), newest.last()), (6, Some(&late)));
}

#[tokio::test]
async fn an_instance_whose_clock_is_slow_by_hours_is_not_lost() {
    let world = World::new().await;
    world.index().await;
    let slow = world.make(&allowed(world.now() - Duration::hours(5))).await;
    world.later(Duration::minutes(61));
    world.index().await;
    assert_eq!(world.newest().await, [slow]);
}

#[tokio::test]
async fn two_at_once_count_once() {
    let world = World::new().await;
    world.chance(2_000).await;
    world.later(Duration::minutes(11));
    let portcullis = &world.house.portcullis;
    let everything = CallFilter::default();
    loop {
        let (one, other, third) =
            tokio::join!(index_calls(portcullis), index_calls(portcullis), world.look(&everything, None));
        let passes = [one.unwrap(), other.unwrap()];
        if passes.iter().flatten().any(|pass| !pass.more) && third.behind.is_none() {
            break;
        }
    }
    assert_eq!(world.house.count("calls").await, 2_000);
    sums_are_right(&world).await;
}

#[tokio::test]
async fn a_hostile_statement_does_not_stop_the_index() {
    let world = World::new().await;
    let long = "x".repeat(5_000);
    let many = (0..5_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    let quotes = r"' \ '' & | ! ( ) :* <-> \x00 \u0000 %s";
    let tool = "tool ".repeat(2_000);
    for sql in [long.as_str(), &many, quotes, "", "\u{1}\u{202e}\u{7f}ÄÖ", "🦀"] {
        world.make(&Made { sql: Some(sql), tool: &tool, ..allowed(world.now()) }).await;
    }
    assert_eq!(world.index().await, 6);
    let found = |text: &str| CallFilter { text: Some(text.to_owned()), ..CallFilter::default() };
    for (text, count) in [(long.as_str(), 1), ("xxx", 1), ("w999", 1), (quotes, 1), ("🦀", 1)] {
        assert_eq!(world.look(&found(text), None).await.page.lines.len(), count, "{text}");
    }
}

#[tokio::test]
async fn it_is_said_how_far_the_index_is() {
    let world = World::new().await;
    world.chance(3_000).await;
    let calls = world.look(&CallFilter::default(), None).await;
    assert!(calls.behind.is_some_and(|at| at < world.now() - Duration::days(7)), "{:?}", calls.behind);
    world.index().await;
    let calls = world.look(&CallFilter::default(), None).await;
    assert_eq!(calls.behind, None);
}

#[tokio::test]
async fn everything_may_be_emptied_and_fills_itself_again() {
    let world = World::new().await;
    world.chance(500).await;
    world.later(Duration::minutes(11));
    world.index().await;
    world
        .house
        .sql("truncate portcullis.calls, portcullis.open_calls, portcullis.indexing, portcullis.usage_by_hour, \
              portcullis.reasons_by_hour, portcullis.relations_by_hour, portcullis.durations_by_hour, \
              portcullis.denials_by_hour")
        .await;
    assert_eq!(world.index().await, 500);
    sums_are_right(&world).await;
}

/// Each sum beside the same, counted in the record.
async fn sums_are_right(world: &World) {
    let over = "(select a.*, coalesce(o.decision, 'unfinished') as decision, reason, coalesce(relations, '{}') as relations, \
                coalesce(row_count, 0) as row_count, coalesce(byte_count, 0) as byte_count, duration_us, \
                date_trunc('hour', a.at, 'UTC') as hour from portcullis.attempts a \
                left join portcullis.outcomes o on attempt_id = id) over_";
    for (sums, counted) in [
        (
            "select hour, person_id, profile, decision, calls, row_count, byte_count from portcullis.usage_by_hour \
             where calls > 0",
            "select hour, person_id, profile, decision, count(*), sum(row_count), sum(byte_count) from {} group by 1, 2, 3, 4",
        ),
        (
            "select hour, reason, calls from portcullis.reasons_by_hour",
            "select hour, reason, count(*) from {} where reason is not null group by 1, 2",
        ),
        (
            "select hour, relation, decision, calls from portcullis.relations_by_hour",
            "select hour, relation, decision, count(*) from {}, unnest(relations) relation group by 1, 2, 3",
        ),
        (
            "select hour, step, calls from portcullis.durations_by_hour",
            "select hour, floor(8 * ln(duration_us) / ln(2))::int, count(*) from {} where decision <> 'unfinished' group by 1, 2",
        ),
    ] {
        let counted = counted.replace("{}", over);
        let differing = format!(
            "select count(*) from (({sums} except {counted}) union all ({counted} except {sums})) differing"
        );
        let row = sqlx::query(AssertSqlSafe(differing)).fetch_one(&world.house.store).await.unwrap();
        assert_eq!(row.get::<i64, _>(0), 0, "{sums}");
        let row = sqlx::query(AssertSqlSafe(format!("select count(*) from ({counted}) counted")));
        assert!(
            row.fetch_one(&world.house.store).await.unwrap().get::<i64, _>(0) > 0 || !sums.contains("usage")
        );
    }
}
