//! Programs of two versions on one store, as there are while one is replaced by the other.

use crate::web::{query, rows};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn an_older_program_serves_a_newer_store_and_does_not_migrate_it() {
    let world = World::new().await;
    world.person("ada").await;
    let token = world.token("ada", "support").await;
    let newer = "insert into portcullis.migrations (version, description, success, checksum, execution_time) \
                 values (29990101000000, 'later', true, '\\x00', 0)";
    sqlx::raw_sql(newer).execute(&world.store).await.unwrap();
    let program = world.serve(&world.text);
    program.logs("was migrated by a newer program");
    assert_eq!(
        rows(&query(program.address, &token, "select count(*) from orders where id < 0").await),
        json!([[0]])
    );

    world.write("older.toml", &world.text);
    let output = world.command("migrate", "older.toml").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("1 migration(s) ahead of this program"), "{said}");
}
