//! What a profile is told about the warehouse, and what it is not.

use super::{House, execute};
use crate::model::catalog::{Catalog, Column, ForeignKey, Gap, RelationKind};
use crate::model::profile::Declared;
use crate::warehouse::{Caution, Flaw, Gateway, catalog, cautions, probe};

const SHOP: &str = "
    create schema shop;
    create type shop.state as enum ('open', 'paid', 'sent');
    create domain shop.states as shop.state[];
    create domain shop.cents as numeric(12,2) not null;
    create table customers (id int primary key, name text not null, password text, city varchar(40));
    comment on table customers is 'who buys';
    comment on column customers.city is 'where they live';
    create table orders (
        shop int, number int, customer int not null references customers (id), approver int references customers (id),
        state shop.state not null default 'open', history shop.states, total shop.cents, gone int,
        primary key (number, shop)
    );
    alter table orders drop column gone;
    create table items (shop int, number int, line int, foreign key (number, shop) references orders (number, shop));
    create table secrets (id int primary key, customer int references customers (id));
    alter table customers add column secret int references secrets (id);
    create view open_orders as select number, total from orders where state = 'open';
    create materialized view totals as select customer, sum(total) as total from orders group by customer;
    create table events (id int, day date) partition by range (day);
    create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
    create table events_2 partition of events for values from ('2026-02-01') to ('2026-03-01');
    insert into customers select g, 'n' from generate_series(1, 100) g;
    insert into events select g, date '2026-01-15' from generate_series(1, 30) g;
    insert into events select g, date '2026-02-15' from generate_series(1, 12) g;
    create sequence numbers;
    create table shop.closed (id int);
    analyze";

fn declared(schema: &str, name: &str, columns: Option<&[&str]>) -> Declared {
    let columns = columns.map(|columns| columns.iter().map(ToString::to_string).collect());
    Declared { schema: schema.to_owned(), name: name.to_owned(), columns, values: Vec::new() }
}

async fn read(gateway: &Gateway, relations: &[(&str, &str, Option<&[&str]>)]) -> Catalog {
    let declared: Vec<_> =
        relations.iter().map(|(schema, name, columns)| declared(schema, name, *columns)).collect();
    catalog(gateway, &declared).await.unwrap()
}

/// Each relation as `schema.name(column, ...)`.
pub(super) async fn names(gateway: &Gateway, relations: &[(&str, &str, Option<&[&str]>)]) -> Vec<String> {
    let catalog = read(gateway, relations).await;
    let name = |column: &Column| column.name.clone();
    catalog
        .relations
        .iter()
        .map(|relation| {
            let columns: Vec<_> = relation.columns.iter().map(name).collect();
            format!("{}.{}({})", relation.schema, relation.name, columns.join(", "))
        })
        .collect()
}

#[tokio::test]
async fn columns_have_types_comments_and_labels() {
    let house = House::with(SHOP).await;
    let catalog = read(&house.gateway(), &[("public", "orders", None), ("public", "customers", None)]).await;
    assert_eq!(catalog.gaps, []);
    let [customers, orders] = catalog.relations.as_slice() else { panic!("{catalog:?}") };
    assert_eq!((customers.comment.as_deref(), customers.estimated_rows), (Some("who buys"), Some(100)));
    let column = |name: &str, data_type: &str, base_type: &str, nullable: bool| Column {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        base_type: base_type.to_owned(),
        nullable,
        comment: None,
        enum_labels: Vec::new(),
        primary_key: None,
        values: None,
    };
    let labels = || ["open", "paid", "sent"].map(ToOwned::to_owned).to_vec();
    assert_eq!(
        customers.columns,
        [
            Column { primary_key: Some(1), ..column("id", "integer", "integer", false) },
            column("name", "text", "text", false),
            column("password", "text", "text", true),
            Column {
                comment: Some("where they live".to_owned()),
                ..column("city", "character varying(40)", "character varying(40)", true)
            },
            column("secret", "integer", "integer", true),
        ]
    );
    assert_eq!(
        orders.columns,
        [
            Column { primary_key: Some(2), ..column("shop", "integer", "integer", false) },
            Column { primary_key: Some(1), ..column("number", "integer", "integer", false) },
            column("customer", "integer", "integer", false),
            column("approver", "integer", "integer", true),
            Column { enum_labels: labels(), ..column("state", "shop.state", "shop.state", false) },
            Column { enum_labels: labels(), ..column("history", "shop.states", "shop.state[]", true) },
            column("total", "shop.cents", "numeric(12,2)", false),
        ]
    );
}

#[tokio::test]
async fn foreign_keys_are_told_where_both_ends_are_readable() {
    let house = House::with(SHOP).await;
    let gateway = house.gateway();
    let key = |columns: &[&str], name: &str, targets: &[&str]| ForeignKey {
        columns: columns.iter().map(ToString::to_string).collect(),
        target_schema: "public".to_owned(),
        target_name: name.to_owned(),
        target_columns: targets.iter().map(ToString::to_string).collect(),
    };
    let all = read(
        &gateway,
        &[("public", "customers", None), ("public", "items", None), ("public", "orders", None)],
    )
    .await;
    let keys = |catalog: &Catalog, name: &str| catalog.relation("public", name).unwrap().foreign_keys.clone();
    assert_eq!(keys(&all, "items"), [key(&["number", "shop"], "orders", &["number", "shop"])]);
    assert_eq!(
        keys(&all, "orders"),
        [key(&["approver"], "customers", &["id"]), key(&["customer"], "customers", &["id"])]
    );
    // The target is not declared.
    assert_eq!(keys(&all, "customers"), []);
    let some = read(
        &gateway,
        &[
            ("public", "customers", Some(&["name"])),
            ("public", "orders", None),
            ("public", "items", Some(&["number"])),
        ],
    )
    .await;
    // Neither is the column at the one end, or the other.
    assert_eq!((keys(&some, "orders"), keys(&some, "items")), (vec![], vec![]));
    assert!(!format!("{all:?}").contains("secrets"), "{all:?}");
}

#[tokio::test]
async fn every_kind_of_relation_is_told_with_its_rows() {
    let house = House::with(SHOP).await;
    execute(&mut house.admin().await, "create table fresh (id int); grant select on fresh to public").await;
    let catalog = read(
        &house.gateway(),
        &[
            ("public", "customers", None),
            ("public", "open_orders", None),
            ("public", "totals", None),
            ("public", "events", None),
            ("public", "fresh", None),
        ],
    )
    .await;
    let told: Vec<_> =
        catalog.relations.iter().map(|each| (each.name.as_str(), each.kind, each.estimated_rows)).collect();
    assert_eq!(
        told,
        [
            ("customers", RelationKind::Table, Some(100)),
            ("events", RelationKind::PartitionedTable, Some(42)),
            ("fresh", RelationKind::Table, None),
            ("open_orders", RelationKind::View, None),
            ("totals", RelationKind::MaterializedView, Some(0)),
        ]
    );
}

#[tokio::test]
async fn gaps_in_the_declaration_are_told() {
    let house = House::with(SHOP).await;
    let (mut admin, role) = (house.admin().await, house.role());
    execute(
        &mut admin,
        &format!(
            "revoke select on customers, secrets from {role}; grant select (id, name) on customers to {role}"
        ),
    )
    .await;
    let catalog = read(
        &house.gateway(),
        &[
            ("public", "nothing", None),
            ("nowhere", "nothing", None),
            ("public", "numbers", None),
            ("shop", "closed", None),
            ("public", "secrets", None),
            ("public", "customers", Some(&["name", "password", "colour"])),
            ("public", "orders", Some(&["number"])),
        ],
    )
    .await;
    let (schema, name) = ("public".to_owned(), "customers".to_owned());
    assert_eq!(
        catalog.gaps,
        [
            Gap::NoRelation { schema: schema.clone(), name: "nothing".to_owned() },
            Gap::NoRelation { schema: "nowhere".to_owned(), name: "nothing".to_owned() },
            Gap::NotReadable { schema: schema.clone(), name: "numbers".to_owned() },
            Gap::SchemaClosed { schema: "shop".to_owned(), name: "closed".to_owned(), role: role.clone() },
            Gap::NotGranted { schema: schema.clone(), name: "secrets".to_owned(), role: role.clone() },
            Gap::ColumnNotGranted {
                schema: schema.clone(),
                name: name.clone(),
                column: "password".to_owned(),
                role
            },
            Gap::NoColumn { schema, name, column: "colour".to_owned() },
        ]
    );
    let readable: Vec<_> =
        catalog.relations.iter().map(|each| (each.name.as_str(), each.columns.len())).collect();
    assert_eq!(readable, [("customers", 1), ("orders", 1)]);
    let all = names(&house.gateway(), &[("public", "customers", None)]).await;
    assert_eq!(all, ["public.customers(id, name)"]);
}

#[tokio::test]
async fn a_sound_way_in_has_no_flaws() {
    let house = House::with("").await;
    assert_eq!(probe(&house.gateway()).await, []);
}

#[tokio::test]
async fn flaws_of_a_way_in_are_told() {
    let house = House::with("create role bystander; create table t (id int)").await;
    let (login, role) = (house.login(), house.role());
    let change = format!(
        "alter role {login} inherit superuser; grant bystander to {login}; alter table t owner to {login}"
    );
    execute(&mut house.admin().await, &change).await;
    let told: Vec<String> = probe(&house.gateway()).await.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            format!("`{login}` is a superuser or passes row security by: nothing holds it back"),
            format!("`{login}` inherits what its roles may do: alter it to `noinherit`"),
            format!("`{login}` is a member of `bystander` as well, and could become that role"),
            format!("`{login}` owns relations, and may read those whatever its profile says"),
        ]
    );
    execute(&mut house.admin().await, &format!("drop owned by {login}; drop role {role}")).await;
    assert!(matches!(probe(&house.gateway()).await.as_slice(), [Flaw::NoWay(_)]));
}

#[tokio::test]
async fn what_could_be_tighter_is_told() {
    let house = House::with(
        "create table t (id int, owner text);
         create view filtered as select id from t where owner = current_user;
         create view barrier with (security_barrier) as select id from t where owner = current_user;
         create view joined as select a.id from t a join t b using (id);
         create view projected as select id from t",
    )
    .await;
    let (login, gateway, mut admin) = (house.login(), house.gateway(), house.admin().await);
    let views =
        ["filtered", "barrier", "joined", "projected", "missing"].map(|view| declared("public", view, None));
    let told = cautions(&gateway, &views).await.unwrap();
    assert_eq!(
        told,
        [
            Caution::LeakyView { view: "public.filtered".to_owned() },
            Caution::LeakyView { view: "public.joined".to_owned() },
            Caution::UnboundedFiles { login: login.clone() },
            Caution::UnboundedConnections { login: login.clone() },
        ]
    );
    execute(
        &mut admin,
        &format!("alter role {login} set temp_file_limit = '1GB'; alter role {login} connection limit 3"),
    )
    .await;
    let told = cautions(&house.gateway(), &[]).await.unwrap();
    assert_eq!(told, [Caution::TooFewConnections { login: login.clone(), limit: 3, wanted: 5 }]);
    execute(&mut admin, &format!("alter role {login} connection limit 5")).await;
    assert_eq!(cautions(&house.gateway(), &[]).await.unwrap(), []);
}
