use std::path::{Path, PathBuf};
use std::process::Command;

use server::embedded::{Cluster, ClusterOptions, EmbeddedError, Existing};
use sqlx::{Connection, PgConnection};

/// A data directory of a test's own, removed with it.
struct DataDir(PathBuf);

impl DataDir {
    fn new(name: &str) -> Self {
        Self(Path::new("/tmp").join(format!("portcullis-test-{name}-{}", std::process::id())))
    }

    fn options(&self) -> ClusterOptions {
        ClusterOptions::new(self.0.clone())
    }

    async fn start(&self) -> Cluster {
        Cluster::start(self.options()).await.unwrap()
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn connect(cluster: &Cluster) -> PgConnection {
    PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap()
}

async fn number(cluster: &Cluster, sql: &'static str) -> i32 {
    sqlx::query_scalar(sql).fetch_one(&mut connect(cluster).await).await.unwrap()
}

async fn execute(cluster: &Cluster, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&mut connect(cluster).await).await.unwrap();
}

/// Processes whose command line names the directory.
fn processes_of(dir: &Path) -> Vec<String> {
    let output = Command::new("pgrep").arg("-f").arg(dir).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn postmaster_of(cluster: &Cluster) -> (PathBuf, String) {
    let pid_file = cluster.socket_dir().with_file_name("data").join("postmaster.pid");
    let pid = std::fs::read_to_string(&pid_file).unwrap().lines().next().unwrap().to_owned();
    (pid_file, pid)
}

#[tokio::test]
async fn a_second_start_finds_what_the_first_one_left() {
    let home = DataDir::new("again");
    let first = home.start().await;
    assert!(first.is_new());
    execute(&first, "create table kept (n int); insert into kept values (7)").await;
    first.stop().await.unwrap();
    assert_eq!(processes_of(&home.0), Vec::<String>::new());

    let second = home.start().await;
    assert!(!second.is_new());
    assert_eq!(number(&second, "select n from kept").await, 7);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_fresh_start_forgets() {
    let home = DataDir::new("fresh");
    home.start().await.stop().await.unwrap();
    let fresh = Cluster::start(ClusterOptions { existing: Existing::Erase, ..home.options() }).await.unwrap();
    assert!(fresh.is_new());
}

#[tokio::test]
async fn a_second_owner_is_refused_and_told_of_the_first() {
    let home = DataDir::new("owner");
    let first = home.start().await;
    let refused = Cluster::start(home.options()).await.unwrap_err();
    let EmbeddedError::InUse { owner, .. } = &refused else { panic!("{refused}") };
    assert_eq!(*owner, std::process::id().to_string());
    assert_eq!(number(&first, "select 1").await, 1);
    drop(first);
    assert_eq!(processes_of(&home.0), Vec::<String>::new());
    home.start().await.stop().await.unwrap();
}

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
#[ignore = "runs until it is killed"]
async fn helper_that_holds_two_clusters() {
    let home = PathBuf::from(std::env::var_os(HOME_OF_HELPER).unwrap());
    let kept = Cluster::start(ClusterOptions::new(home.clone())).await.unwrap();
    let shared = Cluster::shared().await.unwrap();
    execute(&kept, "create table kept (n int); insert into kept values (7)").await;
    std::fs::write(home.join("up"), shared.log().parent().unwrap().to_str().unwrap()).unwrap();
    std::future::pending::<()>().await;
}

const HOME_OF_HELPER: &str = "PORTCULLIS_TEST_HOME";

fn start_helper(home: &DataDir) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cluster::helper_that_holds_two_clusters", "--ignored"])
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
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("not within 10 s: {what}");
}

#[tokio::test]
async fn nobody_else_can_reach_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let home = DataDir::new("modes");
    let cluster = home.start().await;
    let socket_dir = cluster.socket_dir();
    for dir in [socket_dir.clone(), socket_dir.with_file_name("data"), socket_dir.with_file_name("")] {
        let mode = std::fs::metadata(&dir).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{}", dir.display());
    }
    assert_eq!(
        number(
            &cluster,
            "select count(*)::int from pg_settings where name = 'listen_addresses' and setting = ''"
        )
        .await,
        1
    );
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_is_served_from_elsewhere() {
    let home = DataDir::new(&"long-".repeat(20));
    let cluster = home.start().await;
    assert!(cluster.socket_dir().starts_with("/var/tmp"));
    assert_eq!(
        std::fs::read_to_string(home.0.join("postgres-is-elsewhere")).unwrap(),
        cluster.socket_dir().parent().unwrap().to_str().unwrap()
    );
    let elsewhere = cluster.socket_dir().parent().unwrap().to_owned();
    cluster.stop().await.unwrap();
    let again = home.start().await;
    assert!(!again.is_new());
    again.stop().await.unwrap();

    // Who removes the data directory wants a new cluster, wherever the old one lay.
    std::fs::remove_dir_all(&home.0).unwrap();
    let anew = home.start().await;
    assert!(anew.is_new());
    anew.stop().await.unwrap();
    std::fs::remove_dir_all(elsewhere).unwrap();
}

#[tokio::test]
async fn a_directory_closed_to_the_server_is_served_from_elsewhere() {
    use std::os::unix::fs::PermissionsExt;
    let home = DataDir::new("closed");
    std::fs::create_dir(&home.0).unwrap();
    std::fs::set_permissions(&home.0, std::fs::Permissions::from_mode(0o700)).unwrap();
    let options = ClusterOptions::new(home.0.join("inner"));
    let cluster = Cluster::start(options).await.unwrap();
    assert_eq!(number(&cluster, "select 1").await, 1);
    let dir = cluster.socket_dir().parent().unwrap().to_owned();
    cluster.stop().await.unwrap();
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_path_with_strange_letters_makes_a_url_that_works() {
    let home = DataDir::new("a +b% ü\"'");
    let cluster = home.start().await;
    assert_eq!(number(&cluster, "select 1").await, 1);
    let psql = Command::new("psql")
        .arg(cluster.superuser_url("postgres"))
        .args(["-Atc", "select 1"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(psql.stdout).unwrap(), "1\n", "{}", String::from_utf8_lossy(&psql.stderr));
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn an_ephemeral_cluster_leaves_no_trace() {
    let cluster = Cluster::ephemeral().await.unwrap();
    let dir = cluster.log().parent().unwrap().to_owned();
    assert_eq!(number(&cluster, "select 1").await, 1);
    drop(cluster);
    assert!(!dir.exists());
    assert_eq!(processes_of(&dir), Vec::<String>::new());
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
