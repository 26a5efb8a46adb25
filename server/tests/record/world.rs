//! A program with a record of a test's own making, sealed by a clock of the test's own.

use crate::support::{self, House};
use server::flow::Portcullis;
use server::flow::seal_record::Sealer;
use server::flow::verify_record::{Verdict, Wish, verify_record};
use server::model::call::first_id_at;
use server::model::chain::{Finding, RecordKeys, Relation};
use server::wiring::{self, Surroundings};
use sqlx::{AssertSqlSafe, PgConnection};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const OTHER_KEY: &str = "0101010101010101010101010101010101010101010101010101010101010101";

pub(crate) struct World {
    pub(crate) house: House,
    pub(crate) sealer: Sealer,
    now: Arc<Mutex<OffsetDateTime>>,
    /// By how much the clock was put ahead, beside the time that passed.
    jumped: Arc<Mutex<Duration>>,
}

impl World {
    /// Nothing signs.
    pub(crate) async fn new() -> Self {
        Self::of(RecordKeys::default()).await
    }

    /// Checkpoints are signed.
    pub(crate) async fn signing() -> Self {
        Self::of(RecordKeys::parse(KEY).unwrap()).await
    }

    async fn of(keys: RecordKeys) -> Self {
        let now = Arc::new(Mutex::new(datetime!(2026-03-02 09:20 UTC)));
        let jumped = Arc::default();
        let mut world = Self {
            house: House::built(|text| text, surroundings(&now, &jumped)).await,
            sealer: Sealer::default(),
            now,
            jumped,
        };
        world.house.portcullis = world.another(keys);
        world
    }

    /// Another program on the same store, with other keys.
    pub(crate) fn another(&self, keys: RecordKeys) -> Portcullis {
        let mut config = self.house.config.clone();
        config.record.keys = keys;
        wiring::portcullis(&config, surroundings(&self.now, &self.jumped)).unwrap()
    }

    /// Another program on the same store, whose checkpoints go to this file.
    pub(crate) fn keeping(&self, path: PathBuf) -> Portcullis {
        let mut config = self.house.config.clone();
        config.record.checkpoint_file = Some(path);
        wiring::portcullis(&config, surroundings(&self.now, &self.jumped)).unwrap()
    }

    /// Another program with one connection to the same store, whose socket lies here.
    pub(crate) fn through(&self, socket: &Path) -> Portcullis {
        let mut config = self.house.config.clone();
        let options = &mut config.store.options;
        options.connect = options.connect.clone().socket(socket);
        options.pool = 1;
        wiring::portcullis(&config, surroundings(&self.now, &self.jumped)).unwrap()
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        *self.now.lock().unwrap()
    }

    /// By the clock of PostgreSQL, which decides what month it is.
    pub(crate) async fn catch_up(&self) {
        let now: OffsetDateTime =
            sqlx::query_scalar("select now()").fetch_one(&self.house.store).await.unwrap();
        *self.now.lock().unwrap() = now;
    }

    pub(crate) fn later(&self, by: Duration) {
        *self.now.lock().unwrap() += by;
    }

    /// Puts the clock ahead, or back, in no time.
    pub(crate) fn jump(&self, by: Duration) {
        self.later(by);
        *self.jumped.lock().unwrap() += by;
    }

    /// Seals until there is nothing more to do; how many rows were sealed.
    pub(crate) async fn seal(&mut self) -> i64 {
        let mut rows = 0;
        loop {
            let pass = self.sealer.pass(&self.house.portcullis).await.unwrap().expect("nobody else is at it");
            rows += pass.rows;
            if !pass.more {
                return rows;
            }
        }
    }

    /// So much later that everything of before is behind the horizon. Others share the cluster: while one of their
    /// transactions is open, the horizon waits.
    pub(crate) async fn close(&mut self) {
        let now = first_id_at(self.now());
        for _ in 0..2_000 {
            self.later(Duration::minutes(11));
            self.seal().await;
            let horizon: Uuid =
                sqlx::query_scalar("select horizon from portcullis.seals order by position desc limit 1")
                    .fetch_one(&self.house.store)
                    .await
                    .unwrap();
            if horizon > now {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
        panic!("the horizon waits for too long");
    }

    pub(crate) async fn verify(&self) -> Verdict {
        self.verify_with(&Wish::default()).await
    }

    pub(crate) async fn verify_with(&self, wish: &Wish) -> Verdict {
        verify_record(&self.house.portcullis, wish, "test", |_| {}).await.unwrap()
    }

    pub(crate) async fn findings(&self) -> Vec<Finding> {
        self.verify().await.follow.findings
    }

    /// A call of now, and its outcome.
    pub(crate) async fn call(&self) -> Uuid {
        let id = self.house.portcullis.rng().uuid_at(self.now()).unwrap();
        let mut store = self.house.store.acquire().await.unwrap();
        attempt(&mut store, id, self.now()).await;
        outcome(&mut store, id, self.now()).await;
        id
    }

    pub(crate) async fn denial(&self) -> Uuid {
        let id = self.house.portcullis.rng().uuid_at(self.now()).unwrap();
        let sql = "insert into portcullis.denials (id, at, request_id, reason, person_id, person, client_id, client, ip) \
                   values ($1, $2, gen_random_uuid(), 'no_mfa', gen_random_uuid(), 'demo', gen_random_uuid(), \
                   'A client', '192.0.2.7')";
        sqlx::query(sql).bind(id).bind(self.now()).execute(&self.house.store).await.unwrap();
        id
    }

    pub(crate) async fn event(&self) -> Uuid {
        let id = self.house.portcullis.rng().uuid_at(self.now()).unwrap();
        let sql = "insert into portcullis.events (id, at, kind, actor, subject, detail) \
                   values ($1, $2, 'paused', 'test', 'everything', '{\"a\": 1.0}')";
        sqlx::query(sql).bind(id).bind(self.now()).execute(&self.house.store).await.unwrap();
        id
    }

    /// Three of each kind, sealed one after the other and behind the horizon; the second of each kind.
    pub(crate) async fn grow(&mut self) -> [(Relation, Uuid); 4] {
        let mut seconds = None;
        for n in 0..3 {
            let call = self.call().await;
            let (denial, event) = (self.denial().await, self.event().await);
            if n == 1 {
                seconds = Some([
                    (Relation::Attempts, call),
                    (Relation::Outcomes, call),
                    (Relation::Denials, denial),
                    (Relation::Events, event),
                ]);
            }
            self.later(Duration::seconds(1));
            self.seal().await;
        }
        self.close().await;
        let clean = self.verify().await.follow;
        assert_eq!(clean.findings, []);
        assert!(clean.intact >= 12, "{}", clean.intact);
        seconds.unwrap()
    }

    /// Something that only a superuser can do, with every trigger asleep.
    pub(crate) async fn tamper(&self, sql: &str) {
        let sql = format!("begin; set local session_replication_role = replica; {sql}; commit");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.house.store).await.unwrap();
    }
}

fn surroundings(now: &Arc<Mutex<OffsetDateTime>>, jumped: &Arc<Mutex<Duration>>) -> Surroundings {
    let (shown, jumped) = (Arc::clone(now), Arc::clone(jumped));
    let passed = move || *shown.lock().unwrap() - *jumped.lock().unwrap() - OffsetDateTime::UNIX_EPOCH;
    let surroundings = support::surroundings(now);
    Surroundings { clock: surroundings.clock.with_steady(passed), ..surroundings }
}

pub(crate) async fn attempt(store: &mut PgConnection, id: Uuid, at: OffsetDateTime) {
    let sql = "insert into portcullis.attempts (id, at, request_id, person_id, person, profile, token_id, client_id, \
               client, tool, arguments, sql) values ($1, $2, gen_random_uuid(), gen_random_uuid(), 'demo', 'analyst', \
               gen_random_uuid(), gen_random_uuid(), 'A client', 'run_query', '{\"limit\": 10}', 'select 1')";
    sqlx::query(sql).bind(id).bind(at).execute(store).await.unwrap();
}

pub(crate) async fn outcome(store: &mut PgConnection, id: Uuid, at: OffsetDateTime) {
    let sql = "insert into portcullis.outcomes (attempt_id, at, decision, relations, functions, row_count, byte_count, \
               truncated, duration_us) values ($1, $2, 'allowed', '{public.orders}', '{}', 3, 40, false, 1500)";
    sqlx::query(sql).bind(id).bind(at).execute(store).await.unwrap();
}
