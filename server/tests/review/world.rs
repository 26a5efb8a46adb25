//! A program with a record of a test's own making.

use crate::support::{House, surroundings};
use server::flow::index_calls::index_calls;
use server::flow::review_calls::{Calls, Look, review_calls};
use server::model::review::{CallFilter, Place};
use server::model::rng::Rng;
use sqlx::AssertSqlSafe;
use std::sync::{Arc, Mutex};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub(crate) struct World {
    pub(crate) house: House,
    now: Arc<Mutex<OffsetDateTime>>,
}

/// One attempt, and its outcome where it has one.
#[derive(Clone)]
pub(crate) struct Made<'a> {
    pub(crate) at: OffsetDateTime,
    pub(crate) sql: Option<&'a str>,
    pub(crate) tool: &'a str,
    pub(crate) outcome: Option<(&'a str, Option<&'a str>)>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let now = Arc::new(Mutex::new(datetime!(2026-03-02 09:20 UTC)));
        Self { house: House::built(|text| text, surroundings(&now)).await, now }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        *self.now.lock().unwrap()
    }

    pub(crate) fn later(&self, by: Duration) {
        *self.now.lock().unwrap() += by;
    }

    /// Seven weeks of calls that chance made, the same in each run: a tenth refused or failed, a few that never ended.
    pub(crate) async fn chance(&self, calls: i64) {
        let sql = include_str!("chance.sql")
            .replace("{calls}", &calls.to_string())
            .replace("{now}", &self.now().to_string());
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.house.store).await.unwrap();
    }

    /// Three weeks of denials that chance made.
    pub(crate) async fn denials(&self, denials: i64) {
        let sql = format!(
            "select setseed(0.5); insert into portcullis.denials (id, at, request_id, reason, person_id, person, client_id, \
             client) select (lpad(to_hex(ms), 12, '0') || '7' || substr(h, 1, 3) || 'a' || substr(h, 4, 15))::uuid, \
             to_timestamp(ms / 1000.0), gen_random_uuid(), (array['no_mfa', 'token_revoked', 'paused'])[1 + p % 3], \
             ('00000000-0000-7000-8000-' || lpad(p::text, 12, '0'))::uuid, 'person_' || p, \
             ('00000000-0000-7000-9000-' || lpad((p % 4)::text, 12, '0'))::uuid, 'Client ' || p % 4 \
             from (select (extract(epoch from timestamptz '{}') * 1000)::bigint - (power(random(), 3) * 21 * 86400000)::bigint \
             as ms, md5('d' || n) as h, floor(22 * power(random(), 2))::int as p from generate_series(1, {denials}) n) chance",
            self.now()
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.house.store).await.unwrap();
    }

    /// Writes one denial down.
    pub(crate) async fn denial(&self, at: OffsetDateTime) {
        let sql = "insert into portcullis.denials (id, at, request_id, reason, person_id, person, client_id, client) \
                   values ($1, $2, gen_random_uuid(), 'no_mfa', '00000000-0000-7000-8000-000000000001', 'demo', \
                   gen_random_uuid(), 'A client')";
        let id = Rng::system().uuid_at(at).unwrap();
        sqlx::query(sql).bind(id).bind(at).execute(&self.house.store).await.unwrap();
    }

    /// Writes an attempt down, and its outcome.
    pub(crate) async fn make(&self, made: &Made<'_>) -> Uuid {
        let id = Rng::system().uuid_at(made.at).unwrap();
        let mut store = self.house.store.acquire().await.unwrap();
        attempt(&mut store, id, made).await;
        if let Some((decision, reason)) = made.outcome {
            outcome(&mut store, id, made.at, decision, reason).await;
        }
        id
    }

    /// Brings the index up until there is nothing more to do; how many calls were added.
    pub(crate) async fn index(&self) -> i64 {
        let mut taken = 0;
        loop {
            let pass = index_calls(&self.house.portcullis).await.unwrap().expect("nobody else is at it");
            taken += pass.taken;
            if !pass.more {
                return taken;
            }
        }
    }

    pub(crate) async fn look(&self, filter: &CallFilter, place: Option<Place>) -> Calls {
        // Patient, so that a busy machine does not cut a page short.
        let look = Look { place, patience: std::time::Duration::from_mins(1) };
        review_calls(&self.house.portcullis, filter, look).await.unwrap()
    }

    pub(crate) async fn newest(&self) -> Vec<Uuid> {
        let calls = self.look(&CallFilter::default(), None).await;
        calls.page.lines.iter().map(|line| line.id).collect()
    }
}

pub(crate) async fn attempt(store: &mut sqlx::PgConnection, id: Uuid, made: &Made<'_>) {
    let sql = "insert into portcullis.attempts (id, at, request_id, person_id, person, profile, token_id, client_id, \
               client, tool, arguments, sql) values ($1, $2, gen_random_uuid(), \
               '00000000-0000-7000-8000-000000000001', 'demo', 'analyst', gen_random_uuid(), \
               '00000000-0000-7000-9000-000000000001', 'A client', $3, '{}', $4)";
    sqlx::query(sql).bind(id).bind(made.at).bind(made.tool).bind(made.sql).execute(store).await.unwrap();
}

pub(crate) async fn outcome(
    store: &mut sqlx::PgConnection,
    id: Uuid,
    at: OffsetDateTime,
    decision: &str,
    reason: Option<&str>,
) {
    let sql = "insert into portcullis.outcomes (attempt_id, at, decision, reason, relations, functions, row_count, \
               byte_count, truncated, duration_us) values ($1, $2, $3, $4, '{public.orders}', '{}', 3, 40, false, 1500)";
    sqlx::query(sql).bind(id).bind(at).bind(decision).bind(reason).execute(store).await.unwrap();
}
