//! Real standbys: who is read, how old it may be, and what happens when it goes away.

#[path = "../../../tests/support/standby.rs"]
mod support;

use std::os::unix::net::UnixListener;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::{House, ask, ask_as, connect, execute, fault, order, rows, within};
use crate::embedded::Cluster;
use crate::model::target::Target;
use crate::warehouse::early::begin_early;
use crate::warehouse::{Fault, Flaw, Gateway, Order, probe};
use support::{PRIMARY, Standby};

const SECOND: Duration = Duration::from_secs(1);
const WHERE: &str = "select pg_is_in_recovery()";
const AT_THE_STANDBY: &str = "[[true]]";
const AT_THE_PRIMARY: &str = "[[false]]";

async fn house() -> House {
    static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
    let cluster = CLUSTER.get_or_init(async || Cluster::ephemeral_with(&PRIMARY).await.unwrap()).await;
    House::within(cluster, "create table t (id int); insert into t values (1)").await
}

impl House {
    async fn standby(&self) -> Standby {
        Standby::of(&self.url).await
    }

    fn at(&self, standby: &Standby) -> PgConnectOptions {
        let url = standby.url(&self.login(), &format!("house_{}", self.number));
        PgConnectOptions::from_str(&url).unwrap()
    }

    /// Reads the standby, and the primary where `target` says so.
    fn reading(&self, standby: &Standby, target: Target, max_lag: Duration) -> Gateway {
        self.gateway_with(|options| {
            options.replicas = vec![self.at(standby)];
            (options.target, options.max_lag) = (target, max_lag);
        })
    }

    async fn write(&self) {
        execute(&mut self.admin().await, "insert into t values (2)").await;
    }
}

/// Something new at the primary that the standby does not replay.
async fn fall_behind(house: &House, standby: &Standby) {
    house.write().await;
    let mut root = connect(&standby.url("postgres", &format!("house_{}", house.number))).await;
    let arrived = async || {
        let count: i64 = sqlx::query_scalar("select count(*) from t").fetch_one(&mut root).await.unwrap();
        count == 2
    };
    assert!(within(5 * SECOND, arrived).await, "the standby does not follow");
    standby.say("select pg_wal_replay_pause()").await;
    house.write().await;
    tokio::time::sleep(SECOND / 2).await;
}

#[tokio::test]
async fn a_replica_is_read_in_place_of_the_primary() {
    let house = house().await;
    let standby = house.standby().await;
    assert_eq!(ask(&house.gateway(), WHERE, 1).await.unwrap().lag, None);
    let gateway = house.reading(&standby, Target::PreferStandby, SECOND);
    let answer = ask(&gateway, WHERE, 1).await.unwrap();
    assert_eq!(answer.rows, AT_THE_STANDBY);
    assert!(answer.lag.is_some());
    assert_eq!(rows(&gateway, "select id from public.t", 1).await, "[[1]]");
    assert_eq!(probe(&gateway).await, []);
}

#[tokio::test]
async fn an_address_that_leads_to_a_standby_is_bounded_as_well() {
    let house = house().await;
    let standby = house.standby().await;
    let leading = |max_lag| {
        house.gateway_with(|options| {
            (options.connect, options.max_lag) = (house.at(&standby), max_lag);
        })
    };
    assert!(ask(&leading(SECOND), WHERE, 1).await.unwrap().lag.is_some());
    fall_behind(&house, &standby).await;
    let answer = ask(&leading(60 * SECOND), "select id from public.t", 1).await.unwrap();
    assert!(answer.lag.unwrap() >= SECOND / 2, "{answer:?}");
    assert_eq!(answer.row_count, 2, "not what came since");
    let fault = fault(&leading(SECOND / 4), WHERE, 1).await;
    assert!(matches!(fault, Fault::Stale { lag: Some(lag), .. } if lag >= SECOND / 2), "{fault:?}");
}

#[tokio::test]
async fn a_standby_that_lags_gives_way_to_the_primary_or_to_nobody() {
    let house = house().await;
    let standby = house.standby().await;
    let with_primary = house.reading(&standby, Target::PreferStandby, SECOND / 4);
    let alone = house.reading(&standby, Target::Standby, SECOND / 4);
    for gateway in [&with_primary, &alone] {
        assert_eq!(rows(gateway, WHERE, 1).await, AT_THE_STANDBY);
    }
    fall_behind(&house, &standby).await;
    alone.0.expectation.set(true);
    assert!(begin_early(&alone, &order()).await.is_none(), "nothing begins early on it");
    let answer = ask(&with_primary, WHERE, 1).await.unwrap();
    assert_eq!((answer.rows.as_str(), answer.lag), (AT_THE_PRIMARY, None));
    let fault = fault(&alone, WHERE, 1).await;
    assert!(matches!(fault, Fault::Stale { .. }), "{fault:?}");
    let flaws = probe(&with_primary).await;
    assert!(matches!(flaws.as_slice(), [Flaw::PassedOver { fault: Fault::Stale { .. }, .. }]), "{flaws:?}");

    standby.say("select pg_wal_replay_resume()").await;
    let is_back = async |gateway: &Gateway| {
        within(10 * SECOND, async || {
            ask(gateway, WHERE, 1).await.is_ok_and(|answer| answer.rows == AT_THE_STANDBY)
        })
        .await
    };
    assert!(is_back(&alone).await && is_back(&with_primary).await, "it is read again once it has caught up");
}

#[tokio::test]
async fn one_whose_primary_rests_stays_current_and_one_that_lost_it_grows_old() {
    let mut cluster = Cluster::ephemeral_with(&PRIMARY).await.unwrap();
    let house = House::within(&cluster, "create table t (id int); insert into t values (1)").await;
    let standby = house.standby().await;
    let gateway = house.reading(&standby, Target::Standby, SECOND);
    fall_behind(&house, &standby).await;
    standby.say("select pg_wal_replay_resume()").await;
    let is_current = async || ask(&gateway, WHERE, 1).await.is_ok();
    assert!(within(10 * SECOND, is_current).await);
    // Nobody writes, and so the last transaction grows old; what is read does not.
    tokio::time::sleep(3 * SECOND / 2).await;
    let lag = async || ask(&gateway, WHERE, 1).await.unwrap().lag;
    assert!(within(SECOND, async || lag().await == Some(Duration::ZERO)).await);
    cluster.halt().await.unwrap();
    let is_old = async || matches!(ask(&gateway, WHERE, 1).await, Err(failure) if matches!(failure.fault, Fault::Stale { .. }));
    assert!(within(10 * SECOND, is_old).await, "it has all that it was sent, and is sent nothing");
}

#[tokio::test]
async fn one_that_dies_is_passed_over_at_the_next_call() {
    let house = house().await;
    let mut standby = house.standby().await;
    let gateway = house.reading(&standby, Target::PreferStandby, 60 * SECOND);
    let alone = house.reading(&standby, Target::Standby, 60 * SECOND);
    let other = house.standby().await;
    let two = house.gateway_with(|options| {
        options.replicas = vec![house.at(&standby), house.at(&other)];
        options.target = Target::Standby;
    });
    for gateway in [&gateway, &two] {
        assert_eq!(rows(gateway, WHERE, 1).await, AT_THE_STANDBY);
    }
    let asking = tokio::spawn({
        let gateway = gateway.clone();
        async move { ask(&gateway, "select pg_sleep(60)::text", 1).await }
    });
    assert!(busy(&house, &standby, 1).await);
    standby.kill();
    let failure = asking.await.unwrap().unwrap_err();
    assert!(matches!(failure.fault, Fault::Unavailable(_)), "{failure:?}");
    assert_eq!(rows(&gateway, WHERE, 1).await, AT_THE_PRIMARY);
    assert_eq!(rows(&two, WHERE, 1).await, AT_THE_STANDBY, "there is another one");
    assert!(matches!(fault(&alone, WHERE, 1).await, Fault::Unavailable(_)));
}

#[tokio::test]
async fn one_that_swallows_everything_holds_up_a_single_call() {
    let house = house().await;
    let folder = std::env::temp_dir().join(format!("portcullis-silent-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let silent = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let patience = SECOND;
    let gateway = house.gateway_with(|options| {
        options.replicas = vec![options.connect.clone().socket(&folder)];
        options.acquire_timeout = patience;
    });
    let begun = Instant::now();
    assert_eq!(rows(&gateway, WHERE, 1).await, AT_THE_PRIMARY);
    assert!(begun.elapsed() >= patience);
    let begun = Instant::now();
    for _ in 0..3 {
        assert_eq!(rows(&gateway, WHERE, 1).await, AT_THE_PRIMARY);
    }
    assert!(begun.elapsed() < patience, "it took {:?}", begun.elapsed());
    drop(silent);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn one_that_was_promoted_is_no_replica_any_more() {
    let house = house().await;
    let standby = house.standby().await;
    let alone = house.reading(&standby, Target::Standby, SECOND);
    assert_eq!(rows(&alone, WHERE, 1).await, AT_THE_STANDBY);
    standby.say("select pg_promote()").await;
    let fault = fault(&alone, WHERE, 1).await;
    assert!(format!("{fault:#}").contains("it is a primary, and no standby"), "{fault:#}");
    let gateway = house.reading(&standby, Target::PreferStandby, SECOND);
    execute(&mut house.admin().await, "delete from t").await;
    assert_eq!(rows(&gateway, "select id from public.t", 1).await, "[]", "the primary itself is read");
}

/// Whether so many sessions of the login do something at the standby, within two seconds.
async fn busy(house: &House, standby: &Standby, sessions: i64) -> bool {
    let mut root = connect(&standby.url("postgres", "postgres")).await;
    let busy = "select count(*) from pg_stat_activity where usename = $1 and state <> 'idle'";
    within(2 * SECOND, async || {
        let count: i64 = sqlx::query_scalar(busy).bind(house.login()).fetch_one(&mut root).await.unwrap();
        count == sessions
    })
    .await
}

#[tokio::test]
async fn a_statement_is_stopped_where_it_runs() {
    let house = house().await;
    let standby = house.standby().await;
    let gateway = house.reading(&standby, Target::PreferStandby, 60 * SECOND);
    let cancelled = CancellationToken::new();
    let order = Order { cancelled: cancelled.clone(), ..order() };
    let asking = tokio::spawn({
        let gateway = gateway.clone();
        async move { ask_as(&gateway, "select pg_sleep(60)::text", 1, order).await }
    });
    assert!(busy(&house, &standby, 1).await);
    cancelled.cancel();
    assert_eq!(asking.await.unwrap().unwrap_err().fault, Fault::Cancelled);
    assert!(busy(&house, &standby, 0).await, "it must end at the standby");
}

#[tokio::test]
async fn a_statement_in_the_way_of_replay_may_be_said_again() {
    let house = house().await;
    let standby = house.standby().await;
    standby.say("alter system set max_standby_streaming_delay = '50ms'").await;
    standby.say("select pg_reload_conf()").await;
    let gateway = house.reading(&standby, Target::Standby, 60 * SECOND);
    let asking = tokio::spawn({
        let gateway = gateway.clone();
        async move { ask(&gateway, "select pg_sleep(4)::text from public.t", 1).await }
    });
    assert!(busy(&house, &standby, 1).await);
    // By then it holds a lock on the table that it reads.
    tokio::time::sleep(SECOND / 4).await;
    execute(&mut house.admin().await, "truncate t").await;
    let failure = asking.await.unwrap().unwrap_err();
    assert_eq!(failure.fault, Fault::Conflict);
    assert_eq!(rows(&gateway, WHERE, 1).await, AT_THE_STANDBY);
}
