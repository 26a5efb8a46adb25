//! A network that goes away without a word holds up neither the seals nor the store.

use crate::relay::relay;
use crate::world::World;
use server::flow::seal_record::Sealer;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// A log-in, a begin, and two statements, each of which is prepared first: the right to seal is taken by then.
const UNTIL_THE_LOCK: usize = 6;
const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_sealer_whose_answer_never_comes_gives_up_and_the_server_lets_go_of_its_lock() {
    let mut world = World::new().await;
    world.seal().await;
    world.call().await;
    let here = std::env::temp_dir().join(format!("portcullis-silence-{}", std::process::id()));
    let relay = relay(here, &world.house.cluster.socket_dir());
    let far = world.through(&relay.folder);
    relay.falls_silent_after(UNTIL_THE_LOCK);

    let mut sealer = Sealer::default();
    let pass = Box::pin(sealer.pass(&far));
    let others = async {
        while relay.said() <= UNTIL_THE_LOCK {
            sleep(Duration::from_millis(10)).await;
        }
        let is_locked = world.sealer.pass(&world.house.portcullis).await.unwrap().is_none();
        assert!(is_locked, "the silent one holds the lock");
    };
    let both = Box::pin(async { tokio::join!(pass, others) });
    let (passed, ()) = timeout(LONG, both).await.expect("it gives up");
    passed.expect_err("it could not seal");

    let catching_up = async {
        loop {
            if let Some(pass) = world.sealer.pass(&world.house.portcullis).await.unwrap() {
                break pass.rows;
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    assert_eq!(timeout(LONG, catching_up).await.expect("the lock is free again"), 2);
    let pass = timeout(LONG, sealer.pass(&far)).await.expect("the one connection is free again");
    assert!(pass.unwrap().is_some());
    std::fs::remove_dir_all(&relay.folder).unwrap();
}
