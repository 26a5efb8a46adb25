//! Everything is sealed once, soon, and however late it comes.

use crate::world::{World, attempt, outcome};
use server::flow::checkpoint_file::{CheckpointFile, NoCheckpointFile, read, witnesses};
use server::flow::seal_record::{LATENESS, Sealer};
use server::flow::verify_record::Wish;
use server::model::chain::row::Relation;
use server::model::rng::Rng;
use sqlx::{Connection, PgConnection};
use std::collections::BTreeSet;
use time::Duration;

#[tokio::test]
async fn what_comes_to_the_record_is_sealed_once() {
    let mut world = World::new().await;
    let before = world.seal().await;
    world.call().await;
    world.denial().await;
    world.event().await;
    assert_eq!(world.seal().await, 4);
    assert_eq!(world.seal().await, 0);
    world.close().await;
    let verdict = world.verify().await;
    assert_eq!(verdict.follow.findings, []);
    assert_eq!(i64::try_from(verdict.follow.intact).unwrap(), before + 4);
    assert_eq!(verdict.pending, Some(0));
}

#[tokio::test]
async fn a_row_that_is_committed_late_is_sealed_all_the_same() {
    let mut world = World::new().await;
    world.seal().await;
    let mut slow =
        PgConnection::connect(&world.house.cluster.superuser_url(&world.house.database)).await.unwrap();
    sqlx::raw_sql("begin").execute(&mut slow).await.unwrap();
    let id = Rng::system().uuid_at(world.now()).unwrap();
    attempt(&mut slow, id, world.now()).await;
    // While its transaction hangs for hours, others go on, and the horizon waits.
    for _ in 0..20 {
        world.later(Duration::minutes(11));
        world.call().await;
        assert_eq!(world.seal().await, 2);
    }
    sqlx::raw_sql("commit").execute(&mut slow).await.unwrap();
    world.later(Duration::minutes(11));
    assert_eq!(world.seal().await, 1, "the late one");
    world.close().await;
    assert_eq!(world.findings().await, []);
}

#[tokio::test]
async fn a_commit_that_hung_for_a_minute_does_not_wait_for_the_horizon() {
    let mut world = World::new().await;
    world.seal().await;
    let id = Rng::system().uuid_at(world.now()).unwrap();
    let at = world.now();
    world.later(Duration::seconds(30));
    world.seal().await;
    let mut store = world.house.store.acquire().await.unwrap();
    attempt(&mut store, id, at).await;
    world.later(Duration::minutes(1));
    assert_eq!(world.seal().await, 1);
}

#[tokio::test]
async fn a_clock_that_was_hours_ahead_and_put_right_leaves_nothing_unsealed() {
    let mut world = World::new().await;
    world.seal().await;
    world.jump(Duration::hours(3));
    for _ in 0..10 {
        world.call().await;
        assert_eq!(world.seal().await, 2);
        world.later(Duration::minutes(1));
    }
    // What was recorded last by the wrong time is sealed together with what comes by the right one.
    world.call().await;
    world.jump(-Duration::hours(3));
    world.call().await;
    assert_eq!(world.seal().await, 4);
    world.later(Duration::minutes(2));
    // Another instance knows nothing of the time that was.
    let id = Rng::system().uuid_at(world.now()).unwrap();
    attempt(&mut world.house.store.acquire().await.unwrap(), id, world.now()).await;
    world.sealer = Sealer::default();
    assert_eq!(world.seal().await, 1);
    assert_eq!(world.findings().await, []);
    world.close().await;
    assert_eq!(world.findings().await, []);
}

/// Its identifiers do not go back with it.
#[tokio::test]
async fn a_clock_that_was_put_back_and_put_right_leaves_nothing_unsealed() {
    let mut world = World::new().await;
    world.call().await;
    world.close().await;
    for hours in [-3, 3] {
        world.event().await;
        assert_eq!(world.seal().await, 1);
        world.event().await;
        world.jump(Duration::hours(hours));
        world.event().await;
        assert_eq!(world.seal().await, 2);
    }
    world.close().await;
    assert_eq!(world.findings().await, []);
}

#[tokio::test]
async fn another_instance_goes_on_where_the_first_stopped() {
    let mut world = World::new().await;
    world.seal().await;
    world.call().await;
    world.later(Duration::minutes(3));
    world.sealer = Sealer::default();
    assert_eq!(world.seal().await, 2);
    let mut transaction = world.house.store.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(495622122611)").execute(&mut *transaction).await.unwrap();
    assert_eq!(world.sealer.pass(&world.house.portcullis).await.unwrap(), None, "somebody else is at it");
}

#[tokio::test]
async fn a_record_that_is_older_than_its_seals_is_sealed_from_its_beginning() {
    let mut world = World::new().await;
    let mut store = world.house.store.acquire().await.unwrap();
    for days in 1..40 {
        let at = world.now() - Duration::days(days);
        let id = Rng::system().uuid_at(at).unwrap();
        attempt(&mut store, id, at).await;
        outcome(&mut store, id, at).await;
    }
    drop(store);
    world.seal().await;
    world.close().await;
    let verdict = world.verify().await;
    assert_eq!(verdict.follow.findings, []);
    assert!(verdict.follow.intact >= 78, "{}", verdict.follow.intact);
}

/// What is not in the list of columns is not sealed.
#[tokio::test]
async fn every_column_of_the_record_is_sealed() {
    let world = World::new().await;
    for relation in Relation::ALL {
        let sql = "select column_name::text from information_schema.columns where table_schema = 'portcullis' \
                   and table_name = $1";
        let columns: Vec<String> =
            sqlx::query_scalar(sql).bind(relation.name()).fetch_all(&world.house.store).await.unwrap();
        let columns: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
        let sealed = relation.columns().iter().map(|(name, _)| *name).collect();
        assert_eq!(columns, sealed, "{relation:?}");
    }
}

#[tokio::test]
async fn checkpoints_are_signed_by_the_first_key_and_kept_in_a_file() {
    let mut world = World::signing().await;
    let folder = std::env::temp_dir().join(format!("portcullis-checkpoints-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("checkpoints.ndjson");
    let mut file = CheckpointFile::at(path.clone());
    for _ in 0..3 {
        world.call().await;
        world.later(Duration::hours(1));
        world.seal().await;
        file.keep_up(&world.house.portcullis).await.unwrap();
    }
    // Whoever comes new to the file goes on at its end.
    CheckpointFile::at(path.clone()).keep_up(&world.house.portcullis).await.unwrap();
    let kept = read(&path).await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(kept.len() >= 3, "{kept:?}");
    assert!(kept.is_sorted_by_key(|one| one.position));
    let key = world.house.portcullis.record_keys().signing_id().unwrap().to_owned();
    assert!(kept.iter().all(|one| one.signature.as_ref().is_some_and(|signature| signature.key_id == key)));
    let verdict = world.verify_with(&Wish { since: None, witnesses: kept }).await;
    assert_eq!(verdict.follow.findings, []);
    assert!(verdict.follow.signed.is_some());
}

/// Right after the first start the file cannot be there; later somebody took it away.
#[tokio::test]
async fn a_checkpoint_file_that_is_gone_is_told() {
    let mut world = World::signing().await;
    let path = std::env::temp_dir().join(format!("portcullis-gone-{}.ndjson", std::process::id()));
    let portcullis = world.keeping(path.clone());
    assert_eq!(witnesses(&portcullis).await.unwrap(), [], "no checkpoint yet");
    world.call().await;
    world.seal().await;
    assert_eq!(witnesses(&portcullis).await.unwrap(), [], "it is about to be written");
    CheckpointFile::at(path.clone()).keep_up(&portcullis).await.unwrap();
    assert_eq!(witnesses(&portcullis).await.unwrap().len(), 1);
    std::fs::remove_file(&path).unwrap();
    world.later(Duration::minutes(2));
    assert!(matches!(witnesses(&portcullis).await, Err(NoCheckpointFile::Gone(gone)) if gone == path));
}

#[tokio::test]
async fn rows_since_a_moment_are_verified_alone() {
    let mut world = World::signing().await;
    for _ in 0..3 {
        world.call().await;
        world.seal().await;
        world.later(Duration::hours(5));
    }
    world.close().await;
    let since = Some(world.now() - LATENESS - Duration::hours(6));
    let whole = world.verify().await;
    let part = world.verify_with(&Wish { since, witnesses: Vec::new() }).await;
    assert_eq!(part.follow.findings, []);
    assert!(part.first > 1 && part.follow.intact < whole.follow.intact, "{part:?}");
}
