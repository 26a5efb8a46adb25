use std::path::{Path, PathBuf};
use std::process::Command;

use server::embedded::{Cluster, ClusterOptions};
use sqlx::{Connection, PgConnection};

/// A data directory of a test's own, removed with it.
pub(crate) struct DataDir(pub(crate) PathBuf);

impl DataDir {
    pub(crate) fn new(name: &str) -> Self {
        Self(Path::new("/tmp").join(format!("portcullis-test-{name}-{}", std::process::id())))
    }

    pub(crate) fn options(&self) -> ClusterOptions {
        ClusterOptions::new(self.0.clone())
    }

    pub(crate) async fn start(&self) -> Cluster {
        Cluster::start(self.options()).await.unwrap()
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) async fn connect(cluster: &Cluster) -> PgConnection {
    PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap()
}

pub(crate) async fn number(cluster: &Cluster, sql: &'static str) -> i32 {
    sqlx::query_scalar(sql).fetch_one(&mut connect(cluster).await).await.unwrap()
}

pub(crate) async fn execute(cluster: &Cluster, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&mut connect(cluster).await).await.unwrap();
}

/// Processes whose command line names the directory.
pub(crate) fn processes_of(dir: &Path) -> Vec<String> {
    let output = Command::new("pgrep").arg("-f").arg(dir).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}
