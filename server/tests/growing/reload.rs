//! A running program reads its configuration again when it is told to.

use crate::process::Served;
use crate::web::{query, rows};
use crate::world::World;
use serde_json::json;

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
