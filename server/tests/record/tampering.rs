//! A superuser, with every trigger asleep, does to the record what it must not suffer; each time it is named.

use crate::world::{OTHER_KEY, World};
use server::flow::checkpoint_file::{CheckpointFile, read};
use server::flow::verify_record::{Wish, verify_record};
use server::model::chain::finding::Witness;
use server::model::chain::{Checkpoint, Finding, RecordKeys, Relation};
use std::path::PathBuf;
use time::Duration;
use uuid::Uuid;

/// What is found about this row, and nothing else.
async fn only(world: &World, code: &str, relation: Relation, id: Uuid) {
    let findings = world.findings().await;
    let told: Vec<_> = findings.iter().map(|finding| (finding.code(), finding.row())).collect();
    assert_eq!(told, [(code, Some((relation, id)))], "{findings:?}");
}

#[tokio::test]
async fn a_changed_row_of_each_table_is_named() {
    let mut world = World::new().await;
    for (relation, id) in world.grow().await {
        let (key, change, back) = match relation {
            Relation::Attempts => ("id", "sql = 'select 2'", "sql = 'select 1'"),
            Relation::Outcomes => ("attempt_id", "row_count = 2", "row_count = 3"),
            Relation::Denials => ("id", "ip = '192.0.2.8'", "ip = '192.0.2.7'"),
            Relation::Events => ("id", "detail = '{\"a\": 1}'", "detail = '{\"a\": 1.0}'"),
        };
        let update = |set| format!("update portcullis.{} set {set} where {key} = '{id}'", relation.name());
        world.tamper(&update(change)).await;
        only(&world, "row_changed", relation, id).await;
        world.tamper(&update(back)).await;
        assert_eq!(world.findings().await, []);
    }
}

#[tokio::test]
async fn a_removed_row_of_each_table_is_named() {
    let mut world = World::new().await;
    for (relation, id) in world.grow().await {
        let key = relation.columns()[0].0;
        let (name, kept) = (relation.name(), format!("kept_{}", relation.name()));
        world
            .tamper(&format!(
                "create table public.{kept} as select * from portcullis.{name} where {key} = '{id}'; \
                 delete from portcullis.{name} where {key} = '{id}'"
            ))
            .await;
        only(&world, "row_removed", relation, id).await;
        world.tamper(&format!("insert into portcullis.{name} select * from public.{kept}")).await;
        assert_eq!(world.findings().await, []);
    }
}

#[tokio::test]
async fn a_row_that_was_put_in_is_named_and_never_sealed() {
    let mut world = World::new().await;
    for (relation, id) in world.grow().await {
        let (name, key) = (relation.name(), relation.columns()[0].0);
        // As old as the other, with nothing to tell it by.
        let put_in = Uuid::from_u128(id.as_u128() ^ 1);
        world
            .tamper(&format!(
                "create table public.put_in_{name} as select * from portcullis.{name} where {key} = '{id}'; \
                 update public.put_in_{name} set {key} = '{put_in}'; \
                 insert into portcullis.{name} select * from public.put_in_{name}"
            ))
            .await;
        only(&world, "row_inserted", relation, put_in).await;
        world.close().await;
        only(&world, "row_inserted", relation, put_in).await;
        world.tamper(&format!("delete from portcullis.{name} where {key} = '{put_in}'")).await;
    }
}

#[tokio::test]
async fn rows_that_changed_places_are_named() {
    let mut world = World::new().await;
    let [(relation, one), ..] = world.grow().await;
    let other: Uuid = sqlx::query_scalar("select min(id::text)::uuid from portcullis.attempts")
        .fetch_one(&world.house.store)
        .await
        .unwrap();
    assert_ne!(one, other);
    let swap = format!(
        "update portcullis.attempts set id = '00000000-0000-0000-0000-00000000000f' where id = '{one}'; \
         update portcullis.attempts set id = '{one}' where id = '{other}'; \
         update portcullis.attempts set id = '{other}' where id = '00000000-0000-0000-0000-00000000000f'"
    );
    world.tamper(&swap).await;
    let findings = world.findings().await;
    let reordered = |id, other| {
        findings.iter().any(|finding| matches!(finding, Finding::Reordered { relation: of, id: at, other: holds, .. } if (*of, *at, *holds) == (relation, id, other)))
    };
    assert!(findings.len() == 2 && reordered(one, other) && reordered(other, one), "{findings:?}");
}

#[tokio::test]
async fn a_changed_seal_is_told_apart_from_a_changed_row() {
    let mut world = World::new().await;
    let [(relation, id), ..] = world.grow().await;
    let change = "update portcullis.seals set digests = set_byte(digests, 3, 255 - get_byte(digests, 3)) where ids @> array";
    world.tamper(&format!("{change}['{id}'::uuid] and relation = 'attempts'")).await;
    only(&world, "seal_changed", relation, id).await;
}

#[tokio::test]
async fn a_removed_seal_is_named_and_so_are_its_rows() {
    let mut world = World::new().await;
    let [(_, id), ..] = world.grow().await;
    world
        .tamper(&format!(
            "delete from portcullis.seals where ids @> array['{id}'::uuid] and relation = 'attempts'"
        ))
        .await;
    let codes: Vec<_> =
        world.findings().await.iter().map(|finding| (finding.code(), finding.row())).collect();
    assert_eq!(codes, [("seal_removed", None), ("row_inserted", Some((Relation::Attempts, id)))]);
}

#[tokio::test]
async fn a_horizon_that_went_back_is_found() {
    let mut world = World::new().await;
    world.grow().await;
    let old = world.now() - Duration::days(3);
    let id = server::model::rng::Rng::system().uuid_at(old).unwrap();
    let mut store = world.house.store.acquire().await.unwrap();
    crate::world::attempt(&mut store, id, old).await;
    drop(store);
    // The last seal tells that all is open again, so the sealer takes the row for one that came late.
    world
        .tamper(
            "update portcullis.seals set horizon = '00000000-0000-0000-0000-000000000000' \
             where position = (select max(position) from portcullis.seals)",
        )
        .await;
    world.close().await;
    let findings = world.findings().await;
    assert_eq!(findings[0].code(), "seal_changed", "{findings:?}");
    assert!(findings.iter().any(|finding| finding.row() == Some((Relation::Attempts, id))), "{findings:?}");
}

/// Makes the whole chain anew, as a superuser could who knows this program: nothing of it is secret.
async fn make_anew(world: &mut World, keys: RecordKeys) {
    world.tamper("delete from portcullis.seals; delete from portcullis.checkpoints").await;
    world.sealer = server::flow::seal_record::Sealer::default();
    let another = world.another(keys);
    let signing = std::mem::replace(&mut world.house.portcullis, another);
    world.seal().await;
    world.close().await;
    world.house.portcullis = signing;
}

async fn kept(world: &World, name: &str) -> Vec<Checkpoint> {
    let path: PathBuf = std::env::temp_dir().join(format!("portcullis-{name}-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    CheckpointFile::at(path.clone()).keep_up(&world.house.portcullis).await.unwrap();
    let kept = read(&path).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    kept
}

#[tokio::test]
async fn a_chain_that_was_made_anew_lacks_the_signature() {
    let mut world = World::signing().await;
    let [(_, id), ..] = world.grow().await;
    let file = kept(&world, "anew").await;
    world.tamper(&format!("update portcullis.attempts set sql = 'select 2' where id = '{id}'")).await;
    make_anew(&mut world, RecordKeys::default()).await;
    assert!(world.findings().await.contains(&Finding::NeverSigned));
    make_anew(&mut world, RecordKeys::parse(OTHER_KEY).unwrap()).await;
    assert_eq!(world.findings().await[0].code(), "checkpoint_forged");
    // Whoever has the key as well is found by what was written down elsewhere.
    let key = RecordKeys::parse(crate::world::KEY).unwrap();
    make_anew(&mut world, key).await;
    assert_eq!(world.findings().await, []);
    let findings = world.verify_with(&Wish { since: None, witnesses: file }).await.follow.findings;
    assert!(
        findings.iter().any(|finding| matches!(finding, Finding::Unfit { witness: Witness::File, .. })),
        "{findings:?}"
    );
}

#[tokio::test]
async fn a_chain_that_was_cut_is_found_by_its_checkpoint_or_by_the_file() {
    let mut world = World::signing().await;
    world.grow().await;
    world.later(Duration::hours(1));
    world.call().await;
    world.seal().await;
    let file = kept(&world, "cut").await;
    let known = file.last().unwrap().position;
    let cut = format!(
        "delete from portcullis.seals where position >= {known} - 1; \
         delete from portcullis.attempts where id > (select max(newest::text)::uuid from portcullis.seals)"
    );
    world.tamper(&cut).await;
    let findings = world.findings().await;
    assert!(findings.iter().any(|finding| finding.code() == "chain_cut"), "{findings:?}");
    world.tamper(&format!("delete from portcullis.checkpoints where position >= {known} - 1")).await;
    let findings = world.verify_with(&Wish { since: None, witnesses: file }).await.follow.findings;
    let cut = findings.iter().any(
        |finding| matches!(finding, Finding::Cut { witness: Witness::File, known: at, .. } if *at == known),
    );
    assert!(cut, "{findings:?}");
}

#[tokio::test]
async fn after_a_rotation_the_new_key_signs_and_the_old_one_is_believed() {
    let mut world = World::signing().await;
    world.grow().await;
    let rotated = format!("{OTHER_KEY}\n{}", crate::world::KEY);
    world.house.portcullis = world.another(RecordKeys::parse(&rotated).unwrap());
    world.call().await;
    world.seal().await;
    let verdict = world.verify().await;
    assert_eq!(verdict.follow.findings, []);
    let signed_by = verdict.follow.signed.unwrap().signature.unwrap().key_id;
    assert_eq!(Some(signed_by.as_str()), world.house.portcullis.record_keys().signing_id());
    // Without the old key its signatures are nothing.
    let forgetful = world.another(RecordKeys::parse(OTHER_KEY).unwrap());
    let verdict = verify_record(&forgetful, &Wish::default(), "test", |_| {}).await.unwrap();
    assert_eq!(verdict.follow.findings[0].code(), "checkpoint_forged");
}
