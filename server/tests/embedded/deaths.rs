use std::path::{Path, PathBuf};
use std::process::Command;

use server::embedded::{Cluster, ClusterOptions};
use sqlx::{Connection, PgConnection};

use crate::home::{DataDir, execute, number, processes_of};

#[tokio::test]
async fn a_killed_postmaster_is_started_again() {
    let home = DataDir::new("crash");
    let mut cluster = home.start().await;
    execute(&cluster, "create table kept (n int); insert into kept values (7)").await;
    cluster.kill().await.unwrap();
    assert!(PgConnection::connect(&cluster.superuser_url("postgres")).await.is_err());
    cluster.restart().await.unwrap();
    assert_eq!(number(&cluster, "select n from kept").await, 7);
    cluster.restart().await.unwrap();
    assert_eq!(number(&cluster, "select n from kept").await, 7);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_pid_file_does_not_stop_a_start() {
    let home = DataDir::new("stale");
    let mut cluster = home.start().await;
    let (pid_file, pid) = postmaster_of(&cluster);
    cluster.kill().await.unwrap();
    drop(cluster);
    let left = std::fs::read_to_string(&pid_file).unwrap();

    // Its number now belongs to a stranger of the same user.
    let mut stranger = sleeper_of_the_same_user(&pid_file);
    std::fs::write(&pid_file, left.replacen(&pid, &stranger.id().to_string(), 1)).unwrap();
    let cluster = home.start().await;
    assert_eq!(number(&cluster, "select 1").await, 1);
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger must live");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    cluster.stop().await.unwrap();
}

fn sleeper_of_the_same_user(file: &Path) -> std::process::Child {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    let file = std::fs::metadata(file).unwrap();
    let mut command = Command::new("sleep");
    command.arg("60");
    if file.uid() != std::fs::metadata("/proc/self").map_or(file.uid(), |ours| ours.uid()) {
        command.uid(file.uid()).gid(file.gid());
    }
    command.spawn().unwrap()
}

#[tokio::test]
async fn an_orphan_whose_guard_was_killed_is_stopped_first() {
    let home = DataDir::new("orphan");
    let cluster = home.start().await;
    execute(&cluster, "create table kept (n int); insert into kept values (7)").await;
    let (_, postmaster) = postmaster_of(&cluster);
    for pid in processes_of(&home.0).into_iter().filter(|pid| *pid != postmaster) {
        Command::new("kill").args(["-9", &pid]).status().unwrap();
    }
    drop(cluster);
    assert_eq!(processes_of(&home.0), vec![postmaster]);

    let next = home.start().await;
    assert_eq!(number(&next, "select n from kept").await, 7);
    next.stop().await.unwrap();
    assert_eq!(processes_of(&home.0), Vec::<String>::new());
}

/// The other half of the next two tests: a program of its own, to be killed.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a message from one test program to another")]
async fn helper_that_holds_two_clusters() {
    // Runs until it is killed, so it begins only where one of those tests has started it.
    let Some(home) = std::env::var_os(HOME_OF_HELPER).map(PathBuf::from) else { return };
    let kept = Cluster::start(ClusterOptions::new(home.clone())).await.unwrap();
    let shared = Cluster::shared().await.unwrap();
    execute(&kept, "create table kept (n int); insert into kept values (7)").await;
    std::fs::write(home.join("up"), shared.log().parent().unwrap().to_str().unwrap()).unwrap();
    std::future::pending::<()>().await;
}

const HOME_OF_HELPER: &str = "PORTCULLIS_TEST_HOME";

fn start_helper(home: &DataDir) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "deaths::helper_that_holds_two_clusters"])
        .env(HOME_OF_HELPER, &home.0)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn a_program_killed_outright_leaves_no_server_and_its_successor_recovers() {
    let home = DataDir::new("killed");
    let mut program = start_helper(&home);
    let up = home.0.join("up");
    eventually("the program is up", || std::fs::read(&up).is_ok_and(|said| !said.is_empty())).await;
    let scrap = PathBuf::from(std::fs::read_to_string(&up).unwrap());
    assert!(scrap.exists());
    program.kill().unwrap();
    program.wait().unwrap();

    let next = home.start().await;
    assert_eq!(number(&next, "select n from kept").await, 7);
    eventually("the ephemeral cluster is gone", || !scrap.exists() && processes_of(&scrap).is_empty()).await;
    next.stop().await.unwrap();
    assert_eq!(processes_of(&home.0), Vec::<String>::new());
}

#[tokio::test]
async fn a_program_killed_while_it_creates_the_cluster_leaves_no_half_of_one() {
    let home = DataDir::new("half");
    let mut program = start_helper(&home);
    let unfinished = home.0.join(format!("postgres/data.by-{}/base", program.id()));
    eventually("initdb is at work", || unfinished.exists()).await;
    program.kill().unwrap();
    program.wait().unwrap();

    let next = home.start().await;
    assert!(next.is_new());
    assert!(!unfinished.exists());
    next.stop().await.unwrap();
}

async fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1500 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("not within 30 s: {what}");
}

#[tokio::test]
async fn a_signal_to_everything_at_once_leaves_the_stop_to_us() {
    let home = DataDir::new("signals");
    let cluster = home.start().await;
    let (_, postmaster) = postmaster_of(&cluster);
    for pid in processes_of(&home.0).into_iter().filter(|pid| *pid != postmaster) {
        for signal in ["-TERM", "-HUP", "-INT", "-QUIT"] {
            Command::new("kill").args([signal, &pid]).status().unwrap();
        }
    }
    assert_eq!(number(&cluster, "select 1").await, 1);
    cluster.stop().await.unwrap();
    assert_eq!(processes_of(&home.0), Vec::<String>::new());
}

fn postmaster_of(cluster: &Cluster) -> (PathBuf, String) {
    let pid_file = cluster.socket_dir().with_file_name("data").join("postmaster.pid");
    let pid = std::fs::read_to_string(&pid_file).unwrap().lines().next().unwrap().to_owned();
    (pid_file, pid)
}
