//! The record by the month: partitions ahead, nothing lost, and what is old dropped with a statement, or found to be.

use crate::world::{OTHER_KEY, World};
use server::flow::export_chain::{Stretch, export_chain};
use server::flow::retain::{NotRetained, drop_old, old};
use server::flow::tidy_up::look_ahead;
use server::flow::verify_file::verify_file;
use server::model::chain::{Finding, RecordKeys, Relation};
use server::model::rng::Rng;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

const KEEP: Duration = Duration::days(365);

async fn partition_of(world: &World, id: Uuid) -> String {
    let sql = "select tableoid::regclass::text from portcullis.attempts where id = $1";
    sqlx::query_scalar(sql).bind(id).fetch_one(&world.house.store).await.unwrap()
}

async fn call_at(world: &World, at: OffsetDateTime) -> Uuid {
    let id = Rng::system().uuid_at(at).unwrap();
    let mut store = world.house.store.acquire().await.unwrap();
    crate::world::attempt(&mut store, id, at).await;
    id
}

#[tokio::test]
async fn each_month_has_a_partition_before_it_comes() {
    let world = World::new().await;
    let now: OffsetDateTime = sqlx::query_scalar("select now()").fetch_one(&world.house.store).await.unwrap();
    let in_two_months = call_at(&world, now + Duration::days(62)).await;
    let partition = partition_of(&world, in_two_months).await;
    assert!(partition.starts_with("portcullis.attempts_2"), "{partition}");
    // Nothing is lost where there is none.
    let far = call_at(&world, now + Duration::days(4_000)).await;
    assert_eq!(partition_of(&world, far).await, "portcullis.attempts_other");
    // The program may make them, and has no other right to make a table.
    world.tamper("drop table portcullis.attempts_other, portcullis.events_other").await;
    assert_eq!(look_ahead(&world.house.portcullis).await.unwrap(), 0);
    let last = "select max(relname)::text from pg_class where relname ~ '^attempts_2.*[0-9]$'";
    let last: String = sqlx::query_scalar(last).fetch_one(&world.house.store).await.unwrap();
    world.tamper(&format!("drop table portcullis.{last}")).await;
    assert_eq!(look_ahead(&world.house.portcullis).await.unwrap(), 1);
}

#[tokio::test]
async fn every_partition_is_append_only() {
    let world = World::new().await;
    let sql = "select count(*) from pg_inherits join pg_class c on c.oid = inhrelid \
               where inhparent::regclass::text ~ '^portcullis.(attempts|outcomes|denials|events)$' \
               and relkind = 'r' and not exists (select from pg_trigger t where t.tgrelid = c.oid and tgname ~ 'append_only$')";
    let open: i64 = sqlx::query_scalar(sql).fetch_one(&world.house.store).await.unwrap();
    assert_eq!(open, 0);
    world.call().await;
    let change = "update portcullis.attempts_before set sql = 'select 2'";
    let refused = sqlx::query(change).execute(&world.house.store).await.unwrap_err().to_string();
    assert!(refused.contains("append-only"), "{refused}");
}

#[tokio::test]
async fn what_is_old_is_dropped_with_a_statement_and_the_rest_verifies() {
    let mut world = World::signing().await;
    world.catch_up().await;
    world.grow().await;
    let owner = world.house.config.store.owner.clone();
    assert!(old(&world.house.portcullis, KEEP).await.unwrap().is_none());
    world.later(Duration::days(800));
    let recent = world.call().await;
    let old = old(&world.house.portcullis, KEEP).await.unwrap().expect("two years are over");
    let early = drop_old(&world.house.portcullis, &owner, &old, "test").await;
    assert!(matches!(early, Err(NotRetained::NotSealed)), "{early:?}");
    world.close().await;
    let mut bytes = Vec::new();
    export_chain(&world.house.portcullis, Stretch::default(), "test", &mut bytes).await.unwrap();
    let exported = verify_file(bytes.as_slice(), world.house.portcullis.record_keys().clone()).unwrap();
    assert_eq!(exported.follow.findings, []);
    let retained = drop_old(&world.house.portcullis, &owner, &old, "test").await.unwrap();
    assert!(retained.rows >= 12, "{retained:?}");
    assert_eq!(world.house.count("attempts").await, 1);
    assert_eq!(partition_of(&world, recent).await, "portcullis.attempts_other");
    assert_eq!(world.house.count("events where kind = 'retention_applied'").await, 1);
    world.close().await;
    let follow = world.verify().await.follow;
    assert_eq!(follow.findings, []);
    assert_eq!(i64::try_from(follow.dropped).unwrap(), retained.rows);
    // What is gone can be told by whoever has the file; the file of what is left verifies as well.
    let mut bytes = Vec::new();
    export_chain(&world.house.portcullis, Stretch::default(), "test", &mut bytes).await.unwrap();
    let exported = verify_file(bytes.as_slice(), world.house.portcullis.record_keys().clone()).unwrap();
    assert_eq!(exported.follow.findings, []);
    assert_eq!(exported.follow.dropped, follow.dropped);
}

#[tokio::test]
async fn a_drop_that_nobody_signed_is_found() {
    let mut world = World::signing().await;
    let [(_, id), ..] = world.grow().await;
    world.tamper("drop table portcullis.attempts_before").await;
    let removed = |findings: &[Finding]| {
        findings.iter().any(|one| one.code() == "row_removed" && one.row() == Some((Relation::Attempts, id)))
    };
    assert!(removed(&world.findings().await));
    let statement = "insert into portcullis.retentions (id, at, actor, since, until, rows) values (gen_random_uuid(), now(), \
                     'nobody', '00000000-0000-0000-0000-000000000000', '01900000-0000-0000-0000-000000000000', 3)";
    world.tamper(statement).await;
    let findings = world.findings().await;
    assert_eq!(findings[0].code(), "retention_forged", "{findings:?}");
    assert!(removed(&findings));
    // Another key signs nothing that this one believes.
    let stranger = world.another(RecordKeys::parse(OTHER_KEY).unwrap());
    let wish = server::flow::verify_record::Wish::default();
    let follow =
        server::flow::verify_record::verify_record(&stranger, &wish, "test", |_| {}).await.unwrap().follow;
    assert_eq!(follow.findings[0].code(), "retention_forged");
}
