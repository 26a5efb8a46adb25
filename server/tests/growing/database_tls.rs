//! TLS to PostgreSQL: a server whose certificate an authority of its own signed is known by that, and nobody else is.

use crate::authority::Authority;
use crate::web::query;
use crate::world::World;
use server::embedded::{Cluster, shop};
use server::flow::check::{Finding, check};
use server::wiring::{self, Surroundings};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::PathBuf;

/// A PostgreSQL that listens at an address which no other process of this machine uses, and speaks TLS.
struct Ground {
    world: World,
    cluster: &'static Cluster,
    /// Its address, by which it is also known.
    host: String,
    folder: PathBuf,
    authority: Authority,
}

impl Ground {
    async fn new() -> Self {
        // All of 127.0.0.0/8 is this machine; PostgreSQL takes one port for its socket and the network.
        let [_, c, b, a] = std::process::id().to_be_bytes();
        let host = format!("127.{}.{b}.{a}", 64 + c % 64);
        let cluster = Cluster::ephemeral_with(&[("listen_addresses", &host)]).await.unwrap();
        // Its guard ends it when this process is gone.
        let cluster: &'static Cluster = Box::leak(Box::new(cluster));
        shop::seed_small(cluster).await.unwrap();
        let folder = std::env::temp_dir().join(format!("portcullis-database-tls-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
        let authority = Authority::new("the database's");
        let ground = Self { world: World::on(cluster).await, cluster, host, folder, authority };
        ground.world.write("ca.pem", &ground.authority.pem);
        ground.show(&[&ground.host]).await;
        ground
    }

    /// Lets the server show a certificate that is made out to these hosts.
    async fn show(&self, hosts: &[&str]) {
        let issued = self.authority.issue(hosts);
        let owner = std::fs::metadata(self.cluster.socket_dir()).unwrap();
        for (name, text) in [("server.pem", &issued.certificate), ("server.key", &issued.key)] {
            let file = self.folder.join(name);
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
            chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let folder = self.folder.display();
        for statement in [
            format!("alter system set ssl_cert_file = '{folder}/server.pem'"),
            format!("alter system set ssl_key_file = '{folder}/server.key'"),
            "alter system set ssl = on".to_owned(),
            "select pg_reload_conf()".to_owned(),
        ] {
            self.root(&statement).await;
        }
    }

    async fn root(&self, statement: &str) {
        let mut root = PgConnection::connect(&self.cluster.superuser_url("postgres")).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut root).await.unwrap();
    }

    /// The configuration of a program that reaches both databases over the network.
    fn text(&self, options: &str) -> String {
        let mut text = self.world.text.clone();
        for (user, database) in [
            (shop::STORE_APP, self.world.database.as_str()),
            (shop::STORE_OWNER, &self.world.database),
            ("nobody", shop::WAREHOUSE),
        ] {
            let url = format!("postgresql://{user}@{}:5432/{database}?{options}", self.host);
            text = text.replace(&self.cluster.url(user, database), &url);
        }
        assert!(!text.contains("localhost"), "{text}");
        text
    }

    /// What `check-config` finds, once the server shows what it was told to show.
    async fn findings(&self, options: &str) -> Vec<Finding> {
        let config = self.world.config(&self.text(options));
        check(&wiring::portcullis(&config, Surroundings::system()).unwrap()).await
    }

    /// That both databases are refused by every profile, and why.
    async fn refused(&self, options: &str, why: &str) {
        let findings = self.findings(options).await;
        let faults: Vec<&Finding> = findings.iter().filter(|finding| finding.is_fault()).collect();
        let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(places, ["store", "profiles.analyst", "profiles.support"], "{findings:?}");
        for fault in faults {
            assert!(fault.message.contains(why), "{fault}");
        }
    }

    async fn accepted(&self, options: &str) {
        let findings = self.findings(options).await;
        assert!(!findings.iter().any(Finding::is_fault), "{options}: {findings:?}");
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const OURS: &str = "sslmode=verify-full&sslrootcert=ca.pem";

/// One test: a cluster of its own is not for nothing.
#[tokio::test]
async fn a_database_is_known_by_its_certificate_and_nobody_else_is_believed() {
    let ground = Ground::new().await;
    ground.world.person("ada").await;
    let token = ground.world.token("ada", "support").await;
    let program = ground.world.serve(&ground.text(OURS));
    assert_eq!(query(program.address, &token, "select id from orders limit 3").await["row_count"], 3);
    let sql = "select usename::text, count(*) > 0, bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) \
               where client_addr is not null group by 1 order by 1";
    let sessions: Vec<(String, bool, bool)> =
        sqlx::query_as(sql).fetch_all(&ground.world.store).await.unwrap();
    let users: Vec<&str> = sessions.iter().map(|(user, ..)| user.as_str()).collect();
    assert!(users.contains(&"portcullis_app") && users.contains(&"portcullis_support_gateway"), "{users:?}");
    assert!(sessions.iter().all(|(_, some, encrypted)| *some && *encrypted), "{sessions:?}");
    drop(program);

    ground.accepted(OURS).await;
    // Somebody else's authority, or none but those of the public web.
    ground.world.write("other.pem", &Authority::new("somebody else's").pem);
    ground.refused("sslmode=verify-full&sslrootcert=other.pem", "UnknownIssuer").await;
    ground.refused("sslmode=verify-full", "UnknownIssuer").await;
    // Encrypted with whoever it is.
    ground.accepted("sslmode=require").await;

    ground.show(&["db.example.com"]).await;
    // The server takes its settings when it comes to it.
    crate::world::until("the other certificate is shown", async || {
        ground.findings(OURS).await.iter().any(Finding::is_fault)
    })
    .await;
    ground.refused(OURS, "not valid for name").await;
    ground.accepted("sslmode=verify-ca&sslrootcert=ca.pem").await;

    ground.root("alter system set ssl = off").await;
    ground.root("select pg_reload_conf()").await;
    crate::world::until("the server speaks no TLS", async || {
        ground.findings("sslmode=require").await.iter().any(Finding::is_fault)
    })
    .await;
    ground.refused(OURS, "does not support TLS").await;
    ground.refused("sslmode=require", "does not support TLS").await;
}
