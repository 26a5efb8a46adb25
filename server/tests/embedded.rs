//! The private PostgreSQL, from outside: real servers, real processes, real crashes.

use std::path::{Path, PathBuf};
use std::process::Command;

use server::embedded::{Cluster, ClusterOptions, EmbeddedError, Existing, shop};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

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

fn sleeper_of_the_same_user(owned: &Path) -> std::process::Child {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    let owner = std::fs::metadata(owned).unwrap();
    let mut command = Command::new("sleep");
    command.arg("60");
    if owner.uid() != std::fs::metadata("/proc/self").map_or(owner.uid(), |ours| ours.uid()) {
        command.uid(owner.uid()).gid(owner.gid());
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
    std::fs::remove_dir_all(elsewhere).unwrap();
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

async fn as_profile(cluster: &Cluster, profile: &str) -> PgConnection {
    let login = format!("portcullis_{profile}_gateway");
    let mut connection = PgConnection::connect(&cluster.url(&login, shop::WAREHOUSE)).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("set role portcullis_{profile}")))
        .execute(&mut connection)
        .await
        .unwrap();
    connection
}

async fn refusal(connection: &mut PgConnection, sql: &'static str) -> String {
    let error = sqlx::raw_sql(sql).execute(connection).await.expect_err(sql);
    error.as_database_error().unwrap().code().unwrap().into_owned()
}

async fn count(connection: &mut PgConnection, relation: &'static str) -> i64 {
    let sql = format!("select count(*) from {relation}");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn the_whole_shop_is_there_and_a_second_seed_changes_nothing() {
    let cluster = Cluster::ephemeral().await.unwrap();
    let began = std::time::Instant::now();
    shop::seed(&cluster).await.unwrap();
    println!("the whole shop took {:?}", began.elapsed());
    shop::seed(&cluster).await.unwrap();
    let mut analyst = as_profile(&cluster, "analyst").await;
    assert_eq!(count(&mut analyst, "public.customers").await, 10_000);
    assert_eq!(count(&mut analyst, "public.orders").await, 100_000);
    assert_eq!(count(&mut analyst, "public.order_items").await, 200_000);
    assert_eq!(count(&mut analyst, "public.products").await, 1_000);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn each_profile_reads_its_share_and_nothing_else() {
    let cluster = Cluster::ephemeral().await.unwrap();
    shop::seed_small(&cluster).await.unwrap();
    const DENIED: &str = "42501";

    let mut support = as_profile(&cluster, "support").await;
    sqlx::raw_sql("select id, name, city, created_at from public.customers")
        .execute(&mut support)
        .await
        .unwrap();
    assert_eq!(count(&mut support, "public.orders").await, 1_000);
    for sql in [
        "select email from public.customers",
        "select * from public.customers",
        "select cost from public.products",
        "select * from public.order_items",
        "select * from public.my_customers",
        "set role portcullis_analyst",
    ] {
        assert_eq!(refusal(&mut support, sql).await, DENIED, "{sql}");
    }

    let mut analyst = as_profile(&cluster, "analyst").await;
    for connection in [&mut support, &mut analyst] {
        sqlx::raw_sql("set default_transaction_read_only = off").execute(&mut *connection).await.unwrap();
        for sql in [
            "select token from public.secrets",
            "select salary from hr.salaries",
            "select * from hr.orders",
            "delete from public.orders",
            "update public.products set price = 0",
            "create table public.mine (n int)",
            "create temporary table mine (n int)",
            "reset role; select id from public.customers",
        ] {
            assert_eq!(refusal(connection, sql).await, DENIED, "{sql}");
        }
    }
    for login in [shop::SUPPORT_LOGIN, shop::ANALYST_LOGIN] {
        for database in [shop::STORE, "postgres", "template1"] {
            assert!(
                PgConnection::connect(&cluster.url(login, database)).await.is_err(),
                "{login} {database}"
            );
        }
    }
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_person_sees_their_own_customers_and_nobody_sees_none() {
    let cluster = Cluster::ephemeral().await.unwrap();
    shop::seed_small(&cluster).await.unwrap();
    let mut analyst = as_profile(&cluster, "analyst").await;
    assert_eq!(count(&mut analyst, "public.my_customers").await, 0);
    for (person, rows) in [("demo@example.com", 3), ("stranger@example.com", 0), ("", 0), ("%", 0)] {
        let mut transaction = analyst.begin().await.unwrap();
        sqlx::query("select set_config('portcullis.person', $1, true)")
            .bind(person)
            .execute(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(count(&mut transaction, "public.my_customers").await, rows, "`{person}`");
    }
    assert_eq!(count(&mut analyst, "public.my_customers").await, 0);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn the_owner_of_the_store_can_migrate_it_and_the_program_can_enter() {
    let cluster = Cluster::ephemeral().await.unwrap();
    shop::seed_small(&cluster).await.unwrap();
    let mut owner = PgConnection::connect(&cluster.url(shop::STORE_OWNER, shop::STORE)).await.unwrap();
    sqlx::raw_sql("create table portcullis.n (n int); grant select on portcullis.n to portcullis_app")
        .execute(&mut owner)
        .await
        .unwrap();
    let mut app = PgConnection::connect(&cluster.url(shop::STORE_APP, shop::STORE)).await.unwrap();
    assert_eq!(count(&mut app, "n").await, 0);
    cluster.stop().await.unwrap();
}
