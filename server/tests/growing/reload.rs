//! A running program reads its configuration again when it is told to.

use crate::process::Served;
use crate::web::{query, rows};
use crate::world::World;
use serde_json::json;
use server::embedded::{Cluster, shop};

const PRODUCTS: &str = "select count(*) from products where id < 0";
const ORDERS: &str = "select id from orders order by id limit 50";
const OPENED: &str = "    { name = \"public.products\", columns = [\"id\", \"sku\", \"title\", \"price\", \"category\", \"stock\"] },\n";

#[tokio::test]
async fn a_new_configuration_counts_from_the_next_request_and_a_faulty_one_never() {
    let world = World::new().await;
    world.person("ada").await;
    let token = world.token("ada", "support").await;
    // The role holds what this configuration does not declare yet.
    let login = "login = \"portcullis_support_gateway\"";
    let tolerant = format!("{login}\ntolerate = [\"beyond_declaration\"]");
    let closed = world.text.replace(OPENED, "").replace(login, &tolerant);
    assert!(!closed.contains("\"sku\"") && closed.contains("tolerate"));
    let file = world.write("reload.toml", &closed);
    let program = Served::start(world.command("serve", "reload.toml"));
    let to = program.address;
    assert_eq!(query(to, &token, PRODUCTS).await["rejection_reason"], "disallowed_table");
    assert_eq!(query(to, &token, ORDERS).await["row_count"], 50);

    // A relation more, rows less, and an address that must wait for the next start.
    let open =
        world.text.replace("hard_rows = 100", "hard_rows = 20").replace("127.0.0.1:8700", "127.0.0.1:8701");
    std::fs::write(&file, &open).unwrap();
    program.signal("HUP");
    program.logs("the configuration was reloaded");
    assert_eq!(rows(&query(to, &token, PRODUCTS).await), json!([[0]]));
    assert_eq!(query(to, &token, ORDERS).await["row_count"], 20);
    assert!(program.logs("until the next start").contains("server.public_url"));

    // Two faults, and a relation that would be closed.
    let faulty =
        closed.replace("lock = \"1s\"", "lock = \"soon\"").replace("hard_rows = 100", "hard_rows = 5");
    std::fs::write(&file, faulty).unwrap();
    program.signal("HUP");
    assert!(program.logs("the one before stays in force").contains("2 fault(s)"));
    for key in ["limits.default_rows", "timeouts.lock"] {
        program.logs(key);
    }
    assert_eq!(rows(&query(to, &token, PRODUCTS).await), json!([[0]]));

    // What would be too dangerous to start with is too dangerous to go on with.
    let dangerous = open.replace(OPENED, "    { name = \"public.products\", columns = [\"id\"] },\n");
    std::fs::write(&file, dangerous).unwrap();
    program.signal("HUP");
    program.logs("can do more than they should");
    assert_eq!(
        rows(&query(to, &token, "select sku from products where id = 1").await)[0].as_array().unwrap().len(),
        1
    );
}

/// The sessions of a profile's login, on a PostgreSQL where nobody else reads.
async fn sessions(world: &World, login: &str) -> Vec<i32> {
    let sql = "select pid from pg_stat_activity where usename = $1 order by pid";
    sqlx::query_scalar(sql).bind(login).fetch_all(&world.store).await.unwrap()
}

#[tokio::test]
async fn a_profile_of_which_nothing_changed_keeps_its_connections() {
    let cluster: &'static Cluster = Box::leak(Box::new(Cluster::ephemeral().await.unwrap()));
    shop::seed_small(cluster).await.unwrap();
    let world = World::on(cluster).await;
    world.person("ada").await;
    let tokens = [world.token("ada", "support").await, world.token("ada", "analyst").await];
    let file = world.write("kept.toml", &world.text);
    let program = Served::start(world.command("serve", "kept.toml"));
    let read = async || {
        for token in &tokens {
            assert_eq!(query(program.address, token, "select id from orders limit 1").await["row_count"], 1);
        }
        let logins = ["portcullis_support_gateway", "portcullis_analyst_gateway"];
        [sessions(&world, logins[0]).await, sessions(&world, logins[1]).await]
    };
    let [support, analyst] = read().await;
    assert!(!support.is_empty() && !analyst.is_empty());

    // Another alert, and a danger that one profile would tolerate.
    let wider = "login = \"portcullis_analyst_gateway\"\ntolerate = [\"writes\"]";
    let text = world.text.replace("login = \"portcullis_analyst_gateway\"", wider);
    std::fs::write(&file, text + "\n[alerts]\nallowed = { 1h = 7 }\n").unwrap();
    program.signal("HUP");
    program.logs("the configuration was reloaded");
    assert_eq!(read().await, [support.clone(), analyst.clone()], "nothing changed of how they read");

    let text = world.text.replace("hard_rows = 100", "hard_rows = 99");
    std::fs::write(&file, text).unwrap();
    program.signal("HUP");
    let reloaded = async || program.log().iter().filter(|line| line.contains("was reloaded")).count() == 2;
    crate::world::until("it is reloaded again", reloaded).await;
    let another = async || {
        let [now, _] = read().await;
        now.iter().all(|pid| !support.contains(pid))
    };
    crate::world::until("the connections with other limits are gone", another).await;
}
