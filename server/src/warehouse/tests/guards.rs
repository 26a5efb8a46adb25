//! What no statement can get around, even one that no gate would admit.

use std::time::Duration;

use super::{Fault, House, ask, ask_as, fault, order, rows};
use crate::warehouse::guard::Entry;
use crate::warehouse::lease::Lease;
use crate::warehouse::{Gateway, GatewayOptions, Misfit, Order};

async fn entered(gateway: &Gateway) -> Lease {
    Lease::open(&gateway.0, &Entry { name: "portcullis test".to_owned(), context: &[] }).await.unwrap()
}

async fn sqlstate(lease: &mut Lease, sql: &'static str) -> String {
    let error = sqlx::raw_sql(sql).execute(&mut lease.connection).await.expect_err(sql);
    error.as_database_error().unwrap().code().unwrap().into_owned()
}

#[tokio::test]
async fn read_only_cannot_be_undone() {
    let house =
        House::with("create table t (id int); grant all on all tables in schema public to public").await;
    let gateway = house.gateway();
    for (sql, code) in [
        ("set transaction read write", "25001"),
        ("set local transaction_read_only = off", "25001"),
        ("select set_config('transaction_read_only', 'off', true)", "25001"),
        ("savepoint s; set transaction read write", "25001"),
        ("insert into public.t values (1)", "25006"),
        ("create temp table x (id int)", "25006"),
        ("select 1 into temp x", "25006"),
    ] {
        let mut lease = entered(&gateway).await;
        assert_eq!(sqlstate(&mut lease, sql).await, code, "{sql}");
        lease.settle();
    }
    // The same by way of a statement; setting it to what it is already is all that can be done.
    let fault = fault(&gateway, "select set_config('transaction_read_only', 'off', true)", 1).await;
    assert!(matches!(fault, Fault::Execution { ref sqlstate, .. } if sqlstate == "25001"), "{fault:?}");
}

#[tokio::test]
async fn a_text_is_one_statement_and_a_query() {
    let house = House::with("create table t (id int)").await;
    let gateway = house.gateway();
    for sql in [
        "select 1; select 2",
        "commit; begin",
        "select 1) as q(c1) limit 1; delete from public.t; select (1",
        "insert into public.t values (1) returning id",
        "with d as (delete from public.t returning id) select id from d",
        "set role none",
        "explain select 1",
        "",
    ] {
        let fault = fault(&gateway, sql, 1).await;
        let Fault::Execution { sqlstate, .. } = fault else { panic!("{sql}: {fault:?}") };
        assert!(sqlstate.starts_with("42") || sqlstate == "0A000", "{sql}: {sqlstate}");
    }
}

#[tokio::test]
async fn leaving_the_role_gains_nothing() {
    let house =
        House::with("create table t (id int); create schema other; create table other.u (id int)").await;
    let gateway = house.gateway();
    let mut lease = entered(&gateway).await;
    assert_eq!(sqlstate(&mut lease, "set local role none; select id from public.t").await, "42501");
    lease.settle();
    let mut lease = entered(&gateway).await;
    assert_eq!(sqlstate(&mut lease, "reset role; select id from other.u").await, "42501");
    lease.settle();
    // What a statement sets, it sets for itself.
    ask(&gateway, "select set_config('role', 'none', false), set_config('statement_timeout', '1', false)", 2)
        .await
        .unwrap();
    let who = "select current_user::text, current_setting('statement_timeout'), current_setting('transaction_read_only')";
    assert_eq!(rows(&gateway, who, 3).await, format!("[[\"{}\",\"5s\",\"on\"]]", house.role()));
}

#[tokio::test]
async fn a_statement_runs_under_all_settings() {
    let house = House::with("create schema \"ex\"\"t\"").await;
    let gateway = house.gateway_with(|options| options.extension_schemas = vec!["ex\"t".to_owned()]);
    for (setting, value) in [
        ("search_path", "pg_catalog, \\\"ex\\\"\\\"t\\\", pg_temp"),
        ("transaction_isolation", "repeatable read"),
        ("transaction_read_only", "on"),
        ("statement_timeout", "5s"),
        ("lock_timeout", "1s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("client_connection_check_interval", "1s"),
        ("jit", "off"),
        ("row_security", "on"),
        ("client_min_messages", "error"),
        ("standard_conforming_strings", "on"),
        ("TimeZone", "UTC"),
    ] {
        let rows = rows(&gateway, &format!("select current_setting('{setting}')"), 1).await;
        assert_eq!(rows, format!("[[\"{value}\"]]"), "{setting}");
    }
}

#[tokio::test]
async fn a_table_out_of_the_path_is_not_found() {
    let house = House::with("create table t (id int)").await;
    let fault = fault(&house.gateway(), "select id from t", 1).await;
    assert!(matches!(fault, Fault::Execution { ref sqlstate, .. } if sqlstate == "42P01"), "{fault:?}");
    assert!(fault.tells_that_the_catalog_changed());
}

#[tokio::test]
async fn context_reaches_row_security() {
    let house = House::with(
        "create table notes (owner text, body text); insert into notes values ('ada', 'a'), ('bob', 'b');
         alter table notes enable row level security;
         create policy own on notes using (owner = current_setting('portcullis.person', true))",
    )
    .await;
    let gateway = house.gateway_with(|options| {
        options.context = vec!["portcullis.person".to_owned(), "app.unused".to_owned()];
    });
    for (person, expected) in
        [("ada", "[[\"a\"]]"), ("bob", "[[\"b\"]]"), ("x' or true --", "[]"), (r"\'x \\", "[]")]
    {
        let context = [person.to_owned(), String::new()];
        let order = Order { context: &context, ..order() };
        let answer = ask_as(&gateway, "select body from public.notes", 1, order).await.unwrap();
        assert_eq!(answer.rows, expected, "{person}");
    }
    let told = Order { context: &[r"it's \' é $1".to_owned(), "a; b".to_owned()], ..order() };
    let settings = "select current_setting('portcullis.person'), current_setting('app.unused')";
    assert_eq!(ask_as(&gateway, settings, 2, told).await.unwrap().rows, r#"[["it's \\' é $1","a; b"]]"#);
    let nul = Order { context: &["a\0".to_owned(), String::new()], ..order() };
    let failure = ask_as(&gateway, "select 1", 1, nul).await.unwrap_err();
    assert!(matches!(failure.fault, Fault::Misconfigured(_)), "{failure:?}");
    // No value is no way to see everything.
    let fault = fault(&gateway, "select body from public.notes", 1).await;
    assert!(matches!(fault, Fault::Misconfigured(_)), "{fault:?}");
    assert_eq!(
        super::catalog::names(&gateway, &[("public", "notes", None)]).await,
        ["public.notes(owner, body)"]
    );
}

#[tokio::test]
async fn nothing_of_one_statement_reaches_the_next() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| options.pool_size = 1);
    ask(&gateway, "select set_config('app.trace', 'left', true), set_config('work_mem', '64kB', true)", 2)
        .await
        .unwrap();
    ask(&gateway, "select pg_advisory_lock(7)::text", 1).await.unwrap();
    let left = "select coalesce(current_setting('app.trace', true), ''), current_setting('work_mem'),
        (select count(*) from pg_locks where locktype = 'advisory')";
    assert_eq!(rows(&gateway, left, 3).await, "[[\"\",\"4MB\",0]]");
}

#[tokio::test]
async fn an_administrator_sees_who_is_asking() {
    let house = House::with("").await;
    let gateway = house.gateway();
    let order = Order { person: "eve */ select 1 --", client: "Claude Code (é)", ..order() };
    let attempt = order.attempt;
    let asking = tokio::spawn({
        let gateway = gateway.clone();
        async move { ask_as(&gateway, "select pg_sleep(0.3)::text", 1, order).await }
    });
    let mut admin = house.admin().await;
    let sql = "select application_name, query from pg_stat_activity where usename = $1 and query like '%pg_sleep%limit 11'";
    let seen = async || sqlx::query_as(sql).bind(house.login()).fetch_optional(&mut admin).await.unwrap();
    let (name, query): (String, String) = seen_within(seen).await;
    assert_eq!(name, format!("portcullis {attempt} eve____select_1"));
    let note = format!(
        "/* portcullis attempt={attempt} person=eve____select_1_-- client=Claude_Code____ */ select "
    );
    assert!(query.starts_with(&note), "{query}");
    let answer = asking.await.unwrap().unwrap();
    assert_eq!(answer.executed, query);
    let idle = "select string_agg(distinct application_name, ',') from pg_stat_activity where usename = $1";
    let calm = house.is_calm_within(Duration::from_secs(1)).await;
    let idle: String =
        sqlx::query_scalar(idle).bind(house.login()).fetch_one(&mut house.admin().await).await.unwrap();
    assert_eq!((calm, idle.as_str()), (true, "portcullis"));
}

#[tokio::test]
async fn options_that_cannot_work_are_refused() {
    let house = House::with("").await;
    let refused = |change: &dyn Fn(&mut GatewayOptions)| {
        let mut options = house.options();
        change(&mut options);
        Gateway::new(options).unwrap_err()
    };
    assert_eq!(refused(&|o| o.role = String::new()), Misfit::Name(String::new()));
    assert_eq!(refused(&|o| o.context = vec!["role".to_owned()]), Misfit::Context("role".to_owned()));
    assert_eq!(refused(&|o| o.timeouts.statement = Duration::from_micros(10)), Misfit::NoTimeout);
    assert_eq!(refused(&|o| o.pool_size = 0), Misfit::EmptyPool);
}

async fn seen_within<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..200 {
        if let Some(seen) = look().await {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nothing to be seen")
}
