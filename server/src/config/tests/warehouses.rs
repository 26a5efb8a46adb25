//! Several warehouses, and which profile reads which.

use super::{EXAMPLE, effective, faults, parse};

const CRM: &str = "[warehouses.crm]\nurl = \"postgresql://localhost/crm\"\npool = 3\n\
                   admin_url = \"postgresql://crm_owner@localhost/crm\"\nsurface_lock = \"crm.lock\"\n";
const SALES: &str = "[profiles.sales]\nwarehouse = \"crm\"\nrole = \"sales\"\nlogin = \"sales_gateway\"\n\
                     relations = [\"public.leads\"]\n";

fn with(more: &str) -> String {
    EXAMPLE.replace("[limits]", &format!("{more}\n[limits]"))
}

#[test]
fn a_profile_reads_the_warehouse_that_it_names() {
    let secret = ("PORTCULLIS_WAREHOUSE_CRM_ADMIN_PASSWORD", "not to be shown");
    let config = parse(&with(&format!("{CRM}{SALES}")), &[secret]).unwrap();
    let read: Vec<(&str, String)> = config
        .profiles
        .iter()
        .map(|(name, profile)| (name.as_str(), profile.warehouse.name.to_string()))
        .collect();
    assert_eq!(read, [("sales", "crm".to_owned()), ("support", "warehouse".to_owned())]);
    let sales = config.profiles.values().next().unwrap();
    assert_eq!((sales.connect.get_username(), sales.connect.get_database()), ("sales_gateway", Some("crm")));
    assert_eq!((sales.connect.get_host(), sales.warehouse.pool), ("localhost", 3));
    let admin = format!("{:?}", sales.warehouse.admin);
    assert!(admin.contains(secret.1), "the administrator has the password");
    let shown = effective(&config);
    assert!(!shown.contains(secret.1));
    assert!(shown.contains("[warehouses.crm]\nurl = \"postgresql://localhost:5432/crm\"\n"), "{shown}");
    assert!(
        shown.contains("warehouse = \"crm\" # postgresql://sales_gateway@localhost:5432/crm\n"),
        "{shown}"
    );
}

#[test]
fn where_every_profile_names_one_there_need_be_no_other() {
    let (head, rest) = EXAMPLE.split_once("[warehouse]").unwrap();
    let (_, rest) = rest.split_once("[profiles.support]").unwrap();
    let text = |named: &str| format!("{head}{CRM}[profiles.support]\n{named}\n{rest}");
    let config = parse(&text("warehouse = \"crm\""), &[]).unwrap();
    assert_eq!(config.warehouses.len(), 1);
    let found = faults(&text(""));
    let expected = "profiles.support.warehouse: is missing: there is no `[warehouse]` to read where none is named; \
                    there is `crm`";
    assert_eq!(
        found,
        [expected, "warehouses.crm: no profile reads it: name it as the `warehouse` of one, or leave it out"]
    );
}

#[test]
fn faults_of_warehouses_have_their_path() {
    let unused = "no profile reads it: name it as the `warehouse` of one, or leave it out";
    assert_eq!(faults(&with(CRM)), [format!("warehouses.crm: {unused}")]);
    assert_eq!(
        faults(&with(&format!("{CRM}{}", SALES.replace("\"crm\"", "\"crn\"")))),
        [
            "profiles.sales.warehouse: `crn` is unknown; there is `crm`, `warehouse`".to_owned(),
            format!("warehouses.crm: {unused}")
        ]
    );
    let second = CRM.replace("crm]", "warehouse]");
    let found = faults(&with(&second));
    assert!(found[0].starts_with("warehouses.warehouse: is the name of `[warehouse]`"), "{found:?}");
    let found = faults(&with(&format!("{CRM}{CRM}{SALES}")));
    assert!(found[0].contains("duplicate"), "{found:?}");
    let found = faults(&with(&CRM.replace("crm]", "CRM]")));
    assert!(found[0].starts_with("warehouses.CRM: `CRM`: `CRM` is no name"), "{found:?}");

    let wrong = CRM
        .replace("pool = 3", "pool = 0\npooler = \"ocean\"\nwait = \"soon\"\ncanaries = [\"public.leads\"]");
    let wrong = wrong.replace("localhost/crm\"\npool", "crm.internal/crm\"\npool");
    let found = faults(&with(&format!("{wrong}{SALES}")));
    let keys: Vec<&str> = found.iter().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(
        keys,
        ["url", "pool", "pooler", "wait"].map(|key| format!("warehouses.crm.{key}")),
        "{found:#?}"
    );

    let canary = CRM.replace("pool = 3", "canaries = [\"public.leads\"]");
    let found = faults(&with(&format!("{canary}{SALES}")));
    assert!(found[0].starts_with("warehouses.crm.canaries: `public.leads` is declared"), "{found:?}");
    // What one warehouse declares may be a canary of another.
    let elsewhere = CRM.replace("pool = 3", "canaries = [\"public.orders\"]");
    assert!(parse(&with(&format!("{elsewhere}{SALES}")), &[]).is_ok());
}

#[test]
fn two_warehouses_do_not_share_a_lock() {
    let text = with(&format!("{CRM}{SALES}"))
        .replace("# surface_lock = \"portcullis", "surface_lock = \"portcullis");
    assert!(parse(&text, &[]).is_ok());
    let found = faults(&text.replace("crm.lock", "portcullis.surface.lock"));
    assert_eq!(found, ["warehouse.surface_lock: is the lock of `crm` too: each warehouse needs its own"]);
}
