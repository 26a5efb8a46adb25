//! The signed webhook, against a receiver that checks the signature as the manual shows.

use crate::receiver::{ANYWHERE, Receiver, SECRET};
use crate::support::{House, surroundings};
use axum::http::StatusCode;
use serde_json::Value;
use server::flow::Portcullis;
use server::flow::deliver_alerts::deliver_next;
use server::flow::manage_person::grant;
use server::flow::people::find;
use server::wiring;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

struct World {
    house: House,
    now: Arc<Mutex<OffsetDateTime>>,
}

impl World {
    async fn new(address: SocketAddr) -> Self {
        let now = Arc::new(Mutex::new(datetime!(2026-03-02 09:20 UTC)));
        let secret = std::env::temp_dir().join(format!(
            "portcullis-webhook-{}-{}",
            std::process::id(),
            address.port()
        ));
        std::fs::write(&secret, SECRET).unwrap();
        let webhook = format!(
            "\n[alerts.webhook]\nurl = \"http://{address}/hook\"\nsecret_file = \"{}\"\n",
            secret.display()
        );
        let house = House::built(|text| text + &webhook, surroundings(&now)).await;
        std::fs::remove_file(&secret).unwrap();
        house.sql("truncate portcullis.alerts, portcullis.deliveries").await;
        Self { house, now }
    }

    /// Somebody else's instance of the same program, or the same after a restart.
    fn another(&self) -> Portcullis {
        wiring::portcullis(&self.house.config, surroundings(&self.now)).unwrap()
    }

    /// Raises one alert: somebody gains their first profile.
    async fn raise(&self) {
        self.house.sql("update portcullis.assignments set ended_at = now(), ended_by = 'test'").await;
        let portcullis = &self.house.portcullis;
        let demo = find(portcullis, &"demo".parse().unwrap()).await.unwrap().unwrap();
        grant(portcullis, &demo, &"support".parse().unwrap(), "boss").await.unwrap();
    }

    async fn on_their_way(&self) -> i64 {
        self.house.count("deliveries where ended_at is null").await
    }
}

#[tokio::test]
async fn an_alert_arrives_after_failures_and_a_restart_signed() {
    let receiver = Receiver::default();
    let failing = [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::FOUND];
    receiver.answers.lock().unwrap().extend(failing);
    let (address, listening) = receiver.listen(ANYWHERE).await;
    let world = World::new(address).await;
    world.raise().await;

    assert!(deliver_next(&world.house.portcullis).await.unwrap());
    assert!(!deliver_next(&world.house.portcullis).await.unwrap(), "it rests after a failure");
    *world.now.lock().unwrap() += Duration::seconds(5);
    assert!(deliver_next(&world.house.portcullis).await.unwrap());
    assert_eq!(receiver.received().len(), 2, "a redirect is not followed");

    // Both sides go away and come back.
    listening.abort();
    let _ = listening.await;
    let restarted = world.another();
    *world.now.lock().unwrap() += Duration::seconds(10);
    assert!(deliver_next(&restarted).await.unwrap());
    assert_eq!(world.on_their_way().await, 1);
    let (_, listening) = receiver.listen(address).await;
    *world.now.lock().unwrap() += Duration::seconds(20);
    assert!(deliver_next(&restarted).await.unwrap());
    assert_eq!(world.on_their_way().await, 0);
    listening.abort();

    let posts = receiver.received();
    assert_eq!(posts.len(), 3);
    assert!(posts.iter().all(|(body, is_signed)| *is_signed && *body == posts[0].0), "{posts:?}");
    let told: Value = serde_json::from_str(&posts[0].0).unwrap();
    assert_eq!(told["kind"], "profile_gained");
    assert_eq!(told["message"], "`demo` was given the profile `support` by boss");
    let keys: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "at", "kind", "subject", "message", "url"], "neither statements nor rows");
}

#[tokio::test]
async fn two_instances_send_an_alert_once() {
    let receiver = Receiver::default();
    let (address, _listening) = receiver.listen(ANYWHERE).await;
    let world = World::new(address).await;
    world.raise().await;
    let another = world.another();
    let (one, other) = tokio::join!(deliver_next(&world.house.portcullis), deliver_next(&another));
    assert!(one.unwrap() ^ other.unwrap());
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn an_alert_that_never_arrives_is_given_up() {
    let receiver = Receiver::default();
    let (address, listening) = receiver.listen(ANYWHERE).await;
    listening.abort();
    let _ = listening.await;
    let world = World::new(address).await;
    world.raise().await;
    assert!(deliver_next(&world.house.portcullis).await.unwrap());
    assert_eq!(world.on_their_way().await, 1);
    *world.now.lock().unwrap() += Duration::hours(12) + Duration::SECOND;
    assert!(deliver_next(&world.house.portcullis).await.unwrap());
    assert_eq!(world.on_their_way().await, 0);
    assert_eq!(world.house.count("deliveries where fault is not null").await, 1);
}

#[tokio::test]
async fn without_a_webhook_nothing_is_put_on_its_way() {
    let house = House::new().await;
    assert!(house.count("alerts").await > 0, "gaining a profile is an alert");
    assert_eq!(house.count("deliveries").await, 0);
    assert!(!deliver_next(&house.portcullis).await.unwrap());
}
