use std::process::Command;

use server::embedded::{Cluster, ClusterOptions, EmbeddedError, Existing};

use crate::home::{DataDir, execute, number, processes_of};

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
