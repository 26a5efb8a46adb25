//! The program does not serve with roles that can do more than they should, and tells when that changes.

use crate::world::{DECLARED, World};
use server::flow::doctor::examine;
use server::flow::watch_drift::Watch;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

/// A served program, ended with its test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program, and gives what it logged until it served.
fn serve(world: &World) -> Vec<String> {
    let mut command = world.command("serve");
    let mut served = Served(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
    let lines = BufReader::new(served.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut logged = Vec::new();
    for line in lines {
        let is_up = line.contains("serving");
        logged.push(line);
        if is_up {
            return logged;
        }
    }
    panic!("it does not serve: {logged:#?}")
}

async fn is_refused_unless_tolerated(done: &str, risk: &str) {
    let world = World::granted(DECLARED).await;
    world.say(done).await;
    let (ended_well, said) = world.run("serve");
    assert!(!ended_well && said.contains(&format!("(tolerate = [\"{risk}\"])")), "{said}");

    world.configure(|text| text.replace("[limits]", &format!("tolerate = [\"{risk}\"]\n\n[limits]")));
    let logged = serve(&world);
    let told = logged.iter().any(|line| line.contains("tolerated") && line.contains(risk));
    assert!(told, "each start names the danger: {logged:#?}");
}

#[tokio::test]
async fn a_superuser_is_refused() {
    is_refused_unless_tolerated("alter role {login} superuser", "superuser").await;
}

#[tokio::test]
async fn a_role_that_can_write_is_refused() {
    is_refused_unless_tolerated("grant delete on public.orders to {role}", "writes").await;
}

#[tokio::test]
async fn a_role_that_reads_more_is_refused() {
    is_refused_unless_tolerated("grant select on public.secrets to public", "beyond_declaration").await;
}

#[tokio::test]
async fn tolerating_one_danger_is_not_tolerating_another() {
    let world = World::granted(DECLARED).await;
    world.say("grant select, update on public.secrets to {role}").await;
    world.configure(|text| text.replace("[limits]", "tolerate = [\"writes\"]\n\n[limits]"));
    let (ended_well, said) = world.run("serve");
    assert!(!ended_well && said.contains("beyond_declaration"), "{said}");
}

#[tokio::test]
async fn sound_roles_are_served_with() {
    let world = World::granted(DECLARED).await;
    serve(&world);
    // A right that is missing keeps a profile from reading, and nobody from being served.
    world.say("revoke select on public.orders from {role}").await;
    serve(&world);
    assert_eq!(
        alerts(&world).await,
        ["profile `support` differs from its declaration in 1 way(s): \
        missing_grant public.orders; see `portcullis doctor`"]
    );
}

#[tokio::test]
async fn a_danger_nobody_knows_is_a_fault() {
    let world = World::granted(DECLARED).await;
    world.configure(|text| text.replace("[limits]", "tolerate = [\"everything\"]\n\n[limits]"));
    let (ended_well, said) = world.run("serve");
    assert!(!ended_well && said.contains("profiles.support.tolerate[0]: `everything` is unknown"), "{said}");
}

async fn alerts(world: &World) -> Vec<String> {
    let board = server::flow::alert::board(&world.portcullis()).await.unwrap();
    board.open.iter().map(server::model::alert::Alert::message).collect()
}

#[tokio::test]
async fn each_drift_raises_one_alert() {
    let world = World::granted(DECLARED).await;
    let portcullis = world.portcullis();
    let (mut one, mut other) = (Watch::default(), Watch::default());
    let look = async |watch: &mut Watch| {
        watch.notice(&portcullis, &examine(&portcullis).await).await.unwrap();
        alerts(&world).await.len()
    };
    assert_eq!(look(&mut one).await, 0);
    world.say("grant select on public.secrets to public").await;
    assert_eq!(look(&mut one).await, 1);
    assert_eq!(look(&mut one).await, 1, "the same drift is told once");
    assert_eq!(look(&mut other).await, 1, "whichever instance sees it");
    world.say("grant insert on public.orders to {role}").await;
    assert_eq!(look(&mut one).await, 2, "another drift is another alert");
    assert!(alerts(&world).await.iter().any(|alert| alert.contains("extra_grant public.orders")));
    assert!(!alerts(&world).await.concat().contains("revoke"), "no SQL stands in an alert");
}
