//! The record as a file: it verifies where no store is, and whatever is done to the file is named.

use crate::world::World;
use serde_json::Value;
use server::flow::export_chain::{Stretch, export_chain};
use server::flow::verify_file::{FileVerdict, NotVerified, verify_file};
use server::model::chain::{Finding, PublicKey, RecordKeys};
use time::Duration;

async fn exported(world: &World, stretch: Stretch) -> Vec<String> {
    let mut bytes = Vec::new();
    export_chain(&world.house.portcullis, stretch, "test", &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
}

/// With the public key of the world alone.
fn verified(world: &World, lines: &[String]) -> Result<FileVerdict, NotVerified> {
    let mut keys = RecordKeys::default();
    for key in world.house.portcullis.record_keys().known() {
        keys.know(key.to_string().parse::<PublicKey>().unwrap());
    }
    verify_file((lines.join("\n") + "\n").as_bytes(), keys)
}

fn findings(world: &World, lines: &[String]) -> Vec<Finding> {
    verified(world, lines).unwrap().follow.findings
}

/// Where the line is that begins so and holds this.
fn line(lines: &[String], kind: &str, holds: &str) -> usize {
    let begin = format!("{{\"{kind}\":");
    lines.iter().position(|line| line.starts_with(&begin) && line.contains(holds)).unwrap()
}

#[tokio::test]
async fn a_file_verifies_without_the_store() {
    let mut world = World::signing().await;
    world.grow().await;
    let lines = exported(&world, Stretch::default()).await;
    let verdict = verified(&world, &lines).unwrap();
    assert_eq!(verdict.follow.findings, []);
    let whole = world.verify().await.follow.intact;
    assert!(verdict.follow.intact >= 12 && verdict.follow.intact <= whole);
    assert!(verdict.follow.signed.is_some());
    let stranger = RecordKeys::parse(crate::world::OTHER_KEY).unwrap();
    let verdict = verify_file((lines.join("\n") + "\n").as_bytes(), stranger).unwrap();
    assert!(verdict.follow.findings.contains(&Finding::NeverSigned));
}

#[tokio::test]
async fn a_stretch_of_time_holds_its_rows_and_verifies() {
    let mut world = World::signing().await;
    world.grow().await;
    world.later(Duration::hours(1));
    let since = world.now();
    let id = world.call().await;
    world.seal().await;
    world.later(Duration::hours(1));
    world.call().await;
    let until = world.now();
    world.seal().await;
    let stretch = Stretch { since: Some(since), until: Some(until) };
    let lines = exported(&world, stretch).await;
    let rows: Vec<Value> = lines
        .iter()
        .filter(|line| line.starts_with("{\"row\""))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row["row"]["id"] == id.to_string()), "{rows:?}");
    assert_eq!(findings(&world, &lines), []);
}

#[tokio::test]
async fn whatever_is_done_to_a_file_is_named() {
    let mut world = World::signing().await;
    let [(_, call), _, (_, denial), _] = world.grow().await;
    let whole = exported(&world, Stretch::default()).await;
    let row = line(&whole, "row", &format!("\"attempts\",\"id\":\"{call}\""));
    let codes = |lines: &[String]| findings(&world, lines).iter().map(Finding::code).collect::<Vec<_>>();

    let mut changed = whole.clone();
    changed[row] = changed[row].replace("select 1", "select 2");
    assert_eq!(codes(&changed), ["row_changed"]);

    let mut removed = whole.clone();
    removed.remove(row);
    assert_eq!(codes(&removed), ["row_removed"]);

    let mut put_in = whole.clone();
    put_in.insert(row, whole[row].replace(&call.to_string(), &denial.to_string()));
    assert_eq!(codes(&put_in), ["row_inserted"]);

    let mut moved = whole.clone();
    let taken = moved.remove(row);
    moved.insert(line(&moved, "row", &denial.to_string()), taken);
    assert_eq!(codes(&moved), ["row_removed", "row_inserted"]);

    let mut unsealed = whole.clone();
    unsealed.remove(line(&whole, "seal", &call.to_string()));
    assert_eq!(codes(&unsealed)[0], "row_inserted");

    let mut forged = whole.clone();
    let checkpoint = line(&whole, "checkpoint", "");
    forged[checkpoint] = forged[checkpoint].replacen("\"rows\":", "\"rows\":1", 1);
    let codes = codes(&forged);
    assert!(codes.contains(&"checkpoint_forged") && codes.contains(&"chain_rebuilt"), "{codes:?}");

    let cut = &whole[..whole.len() - 3];
    assert!(matches!(verified(&world, cut), Err(NotVerified::BrokenOff(_))));
}
