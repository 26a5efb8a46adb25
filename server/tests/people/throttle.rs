use crate::browser::Answer;
use crate::world::{PASSWORD, World};
use std::net::IpAddr;
use time::Duration;

async fn guess(world: &World, ip: &str, name: &str, password: &str) -> Answer {
    let ip: IpAddr = ip.parse().unwrap();
    let mut browser = world.browser_at(ip);
    browser.get("/sign-in").await;
    browser.submit("/sign-in", &[("username", name), ("password", password)]).await
}

#[tokio::test]
async fn guessing_gets_slower_and_says_how_slow() {
    let world = World::peopled().await;
    for name in ["margarete", "nobody"] {
        // From ever new addresses, so that only the account counts.
        let mut address = (1..).map(|n| format!("198.51.{}.{n}", name.len()));
        for _ in 0..3 {
            guess(&world, &address.next().unwrap(), name, "wrong wrong wrong").await.is(422);
        }
        let mut waits = Vec::new();
        for _ in 0..4 {
            let answer = guess(&world, &address.next().unwrap(), name, "wrong wrong wrong").await.is(429);
            let wait: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
            waits.push(wait);
            world.later(Duration::seconds(wait));
            guess(&world, &address.next().unwrap(), name, "wrong wrong wrong").await.is(422);
        }
        assert_eq!(waits, [1, 2, 4, 8], "{name}");
    }
}

#[tokio::test]
async fn a_stranger_slows_an_account_down_but_never_locks_it() {
    let world = World::peopled().await;
    for n in 0..30 {
        guess(&world, &format!("198.51.100.{n}"), "margarete", "wrong wrong wrong").await;
        world.later(Duration::minutes(5));
    }
    // The longest wait is five minutes, however much was guessed, and guesses that come too early do not prolong it.
    guess(&world, "198.51.100.77", "margarete", "wrong wrong wrong").await.is(422);
    for _ in 0..3 {
        guess(&world, "198.51.100.78", "margarete", "wrong wrong wrong").await.is(429);
        world.later(Duration::minutes(1));
    }
    world.later(Duration::minutes(2));
    guess(&world, "203.0.113.5", "margarete", PASSWORD).await.leads_to("/sign-in/code");
}

#[tokio::test]
async fn where_a_person_has_signed_in_before_strangers_do_not_hinder_them() {
    let world = World::peopled().await;
    world.signed_in().await;
    for n in 0..4 {
        guess(&world, &format!("198.51.100.{n}"), "margarete", "wrong wrong wrong").await;
    }
    guess(&world, "203.0.113.5", "margarete", PASSWORD).await.is(429);
    guess(&world, "192.0.2.1", "margarete", PASSWORD).await.leads_to("/sign-in/code");
    // But guessing from there is slowed down too.
    for _ in 0..3 {
        guess(&world, "192.0.2.1", "margarete", "wrong wrong wrong").await.is(422);
    }
    guess(&world, "192.0.2.1", "margarete", PASSWORD).await.is(429);
}

#[tokio::test]
async fn an_address_that_tries_many_names_is_slowed_down() {
    let world = World::peopled().await;
    for n in 0..12 {
        guess(&world, "198.51.100.1", &format!("name{n}"), "wrong wrong wrong").await.is(422);
    }
    guess(&world, "198.51.100.1", "another", "wrong wrong wrong").await.is(429);
    guess(&world, "198.51.100.2", "another", "wrong wrong wrong").await.is(422);
}

#[tokio::test]
async fn of_many_guesses_at_once_only_the_free_ones_are_judged() {
    let world = World::peopled().await;
    let guesses = (0..20).map(|n| {
        let ip = format!("198.51.100.{n}");
        let world = &world;
        async move { guess(world, &ip, "margarete", "wrong wrong wrong").await.status.as_u16() }
    });
    let statuses = futures_util::future::join_all(guesses).await;
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 3, "{statuses:?}");
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_too() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    browser.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await;
    browser.get("/sign-in/code").await;
    for _ in 0..3 {
        browser.submit("/sign-in/code", &[("code", "000000")]).await.is(422);
    }
    let code = world.code();
    let answer = browser.submit("/sign-in/code", &[("code", &code)]).await.is(429);
    assert_eq!(answer.headers["retry-after"], "1");
    world.later(Duration::seconds(1));
    let code = world.code();
    browser.submit("/sign-in/code", &[("code", &code)]).await.leads_to("/account");
}
