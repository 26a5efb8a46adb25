//! Checkpoints of the record, sent to where those who run the store cannot take them back.

use crate::receiver::{ANYWHERE, Receiver, SECRET};
use crate::support::{House, surroundings};
use axum::http::StatusCode;
use serde_json::Value;
use server::flow::Portcullis;
use server::flow::deliver_checkpoints::deliver_next;
use server::flow::manage_person::grant;
use server::flow::people::find;
use server::flow::seal_record::Sealer;
use server::model::chain::Checkpoint;
use server::model::chain::line::CheckpointLine;
use server::wiring;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

struct World {
    house: House,
    sealer: Sealer,
    now: Arc<Mutex<OffsetDateTime>>,
}

impl World {
    /// A program that makes a checkpoint of whatever comes.
    async fn new(receiver: SocketAddr) -> Self {
        let now = Arc::new(Mutex::new(datetime!(2026-03-02 09:20 UTC)));
        let name = format!("portcullis-checkpoints-{}-{}", std::process::id(), receiver.port());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let (key, secret) = (folder.join("key"), folder.join("secret"));
        std::fs::write(&key, KEY).unwrap();
        std::fs::write(&secret, SECRET).unwrap();
        let record = format!(
            "\n[record]\ncheckpoint_rows = 1\nkey_file = \"{}\"\n[record.webhook]\nurl = \"http://{receiver}/hook\"\n\
             secret_file = \"{}\"\n",
            key.display(),
            secret.display(),
        );
        let house = House::built(|text| text + &record, surroundings(&now)).await;
        std::fs::remove_dir_all(&folder).unwrap();
        Self { house, sealer: Sealer::default(), now }
    }

    /// Another instance of the same program, or the same after a restart.
    fn another(&self) -> Portcullis {
        wiring::portcullis(&self.house.config, surroundings(&self.now)).unwrap()
    }

    fn later(&self, by: Duration) {
        *self.now.lock().unwrap() += by;
    }

    /// Something happens, is sealed, and makes a checkpoint.
    async fn grow(&mut self) {
        self.house.sql("update portcullis.assignments set ended_at = now(), ended_by = 'test'").await;
        let portcullis = &self.house.portcullis;
        let demo = find(portcullis, &"demo".parse().unwrap()).await.unwrap().unwrap();
        grant(portcullis, &demo, &"support".parse().unwrap(), "boss").await.unwrap();
        let before = self.house.count("checkpoints").await;
        while self.sealer.pass(portcullis).await.unwrap().is_some_and(|pass| pass.more) {}
        assert_eq!(self.house.count("checkpoints").await, before + 1);
        self.later(Duration::SECOND);
    }

    async fn deliver(&self) -> bool {
        deliver_next(&self.house.portcullis).await.unwrap()
    }

    /// Seal and attempts of what is on its way.
    async fn state(&self) -> (i64, i32) {
        let sql = "select arrived, attempts from portcullis.checkpoint_delivery";
        sqlx::query_as(sql).fetch_one(&self.house.store).await.unwrap()
    }
}

/// What arrived, each signed by somebody who knows the secret.
fn arrived(receiver: &Receiver) -> Vec<Checkpoint> {
    let read = receiver.received().into_iter().map(|(body, is_signed)| {
        assert!(is_signed, "{body}");
        let mut told: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(told["issuer"], "http://127.0.0.1:8700");
        serde_json::from_value::<CheckpointLine>(told["checkpoint"].take()).unwrap().read().unwrap()
    });
    read.collect()
}

fn positions(checkpoints: &[Checkpoint]) -> Vec<i64> {
    checkpoints.iter().map(|checkpoint| checkpoint.position).collect()
}

#[tokio::test]
async fn checkpoints_arrive_in_their_order_and_vouch_for_themselves() {
    let receiver = Receiver::default();
    receiver.answers.lock().unwrap().extend([StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR]);
    let (address, _listening) = receiver.listen(ANYWHERE).await;
    let mut world = World::new(address).await;
    assert!(!world.deliver().await, "there is none yet");
    for _ in 0..3 {
        world.grow().await;
    }
    let made: Vec<i64> = sqlx::query_scalar("select position from portcullis.checkpoints order by 1")
        .fetch_all(&world.house.store)
        .await
        .unwrap();
    assert_eq!(made.len(), 3);

    assert!(world.deliver().await && world.deliver().await);
    assert!(!world.deliver().await, "it rests after a failure, and what comes after it waits");
    assert_eq!(world.state().await, (made[0], 1));
    world.later(Duration::seconds(5));
    let restarted = world.another();
    assert!(deliver_next(&restarted).await.unwrap() && deliver_next(&restarted).await.unwrap());
    assert!(!deliver_next(&restarted).await.unwrap());
    assert_eq!(world.state().await, (made[2], 0));

    let arrived = arrived(&receiver);
    assert_eq!(positions(&arrived), [made[0], made[1], made[1], made[2]], "the second was tried twice");
    let keys = world.house.portcullis.record_keys();
    for checkpoint in &arrived {
        let signature = checkpoint.signature.as_ref().unwrap();
        assert_eq!(keys.check(checkpoint.digest(), signature), Ok(()));
    }
}

#[tokio::test]
async fn none_is_ever_given_up() {
    let receiver = Receiver::default();
    let (address, listening) = receiver.listen(ANYWHERE).await;
    listening.abort();
    let _ = listening.await;
    let mut world = World::new(address).await;
    world.grow().await;
    for attempts in 1..=3 {
        assert!(world.deliver().await);
        assert_eq!(world.state().await, (0, attempts));
        world.later(Duration::days(7));
    }
    let (_, _listening) = receiver.listen(address).await;
    assert!(world.deliver().await);
    assert_eq!(arrived(&receiver).len(), 1);
    assert_eq!(world.state().await.1, 0);
}

#[tokio::test]
async fn two_instances_send_a_checkpoint_once() {
    let receiver = Receiver::default();
    let (address, _listening) = receiver.listen(ANYWHERE).await;
    let mut world = World::new(address).await;
    world.grow().await;
    let another = world.another();
    let (one, other) = tokio::join!(world.deliver(), async { deliver_next(&another).await.unwrap() });
    assert!(one ^ other);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn without_a_webhook_nothing_is_sent() {
    let house = House::new().await;
    assert!(!deliver_next(&house.portcullis).await.unwrap());
}
