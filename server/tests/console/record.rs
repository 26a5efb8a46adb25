//! A record of the test's own making, and who looks into it.

use crate::browser::{Answer, Browser};
use crate::world::World;
use server::flow::enrol_factor::enrol_known;
use server::flow::index_calls::index_calls;
use server::model::rng::Rng;
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whose calls they are unless a test says otherwise.
pub(crate) const CLIENT: Uuid = Uuid::from_u128(0x9000);

/// One call, and its outcome.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) at: OffsetDateTime,
    pub(crate) person: &'a str,
    pub(crate) profile: &'a str,
    pub(crate) client_id: Uuid,
    pub(crate) client: &'a str,
    pub(crate) user_agent: &'a str,
    pub(crate) tool: &'a str,
    pub(crate) sql: Option<&'a str>,
    pub(crate) decision: &'a str,
    pub(crate) reason: Option<&'a str>,
    pub(crate) relation: &'a str,
    pub(crate) error: Option<&'a str>,
}

impl Call<'static> {
    pub(crate) fn at(at: OffsetDateTime) -> Self {
        Self {
            at,
            person: "margarete",
            profile: "analyst",
            client_id: CLIENT,
            client: "Claude Code",
            user_agent: "claude-code/2.1",
            tool: "run_query",
            sql: Some("SELECT Id FROM orders -- newest"),
            decision: "allowed",
            reason: None,
            relation: "public.orders",
            error: None,
        }
    }
}

impl World {
    /// A world in which `margarete` is an auditor and signed in.
    pub(crate) async fn watched() -> (Self, Browser) {
        let world = Self::peopled().await;
        world.gives("margarete", "auditor").await;
        let browser = world.signed_in().await;
        (world, browser)
    }

    pub(crate) async fn gives(&self, username: &str, power: &str) {
        self.run(format!("update portcullis.people set {power} = true where username = '{username}'")).await;
    }

    /// Somebody else, signed in.
    pub(crate) async fn somebody(&self, username: &str, power: Option<&str>) -> Browser {
        let person = self.person(username).await;
        assert!(enrol_known(&self.portcullis, &person, &self.secret, "test").await.unwrap());
        if let Some(power) = power {
            self.gives(username, power).await;
        }
        self.signed_in_as(username).await
    }

    /// Writes a call down.
    pub(crate) async fn make(&self, call: &Call<'_>) -> Uuid {
        let id = Rng::system().uuid_at(call.at).unwrap();
        let mut store = self.store().await;
        sqlx::query(
            "insert into portcullis.attempts (id, at, request_id, person_id, person, profile, token_id, client_id, client, \
             redirect, ip, user_agent, tool, arguments, sql) select $1, $2, gen_random_uuid(), id, username, $4, \
             gen_random_uuid(), $5, $6, 'http://127.0.0.1:1/callback', '192.0.2.7', $7, $8, \
             jsonb_build_object('sql', $9::text), $9 from portcullis.people where username = $3",
        )
        .bind(id)
        .bind(call.at)
        .bind(call.person)
        .bind(call.profile)
        .bind(call.client_id)
        .bind(call.client)
        .bind(call.user_agent)
        .bind(call.tool)
        .bind(call.sql)
        .execute(&mut store)
        .await
        .unwrap();
        let admitted = call
            .sql
            .filter(|_| call.decision != "refused")
            .map(|_| "select \"id\" from \"public\".\"orders\"");
        sqlx::query(
            "insert into portcullis.outcomes (attempt_id, at, decision, reason, subject, canonical_sql, executed_sql, \
             relations, functions, row_count, byte_count, truncated, duration_us, error) values ($1, $2, $3, $4, $5, $6, \
             $6 || ' limit 11', array[$7], '{pg_catalog.lower}', 3, 4096, false, 1500, $8)",
        )
        .bind(id)
        .bind(call.at)
        .bind(call.decision)
        .bind(call.reason)
        .bind(call.reason.map(|_| "pg_shadow"))
        .bind(admitted)
        .bind(call.relation)
        .bind(call.error)
        .execute(&mut store)
        .await
        .unwrap();
        id
    }

    /// Writes many calls down, a second apart and the newest a second ago, the newest first.
    pub(crate) async fn make_many(&self, calls: u32, sql: &str) -> Vec<Uuid> {
        let mut made = Vec::new();
        for n in 1..=calls {
            let at = self.now() - time::Duration::seconds(n.into());
            made.push(self.make(&Call { sql: Some(sql), ..Call::at(at) }).await);
        }
        made
    }

    pub(crate) async fn deny(&self, at: OffsetDateTime, person: &str, reason: &str, client: &str) -> Uuid {
        let id = Rng::system().uuid_at(at).unwrap();
        sqlx::query(
            "insert into portcullis.denials (id, at, request_id, reason, person_id, person, profile, token_id, client_id, \
             client, ip, user_agent) select $1, $2, gen_random_uuid(), $3, id, username, 'analyst', gen_random_uuid(), $5, \
             $6, '192.0.2.7', $6 from portcullis.people where username = $4",
        )
        .bind(id)
        .bind(at)
        .bind(reason)
        .bind(person)
        .bind(CLIENT)
        .bind(client)
        .execute(&mut self.store().await)
        .await
        .unwrap();
        id
    }

    /// Brings the index up with the record.
    pub(crate) async fn index(&self) {
        while index_calls(&self.portcullis).await.unwrap().is_some_and(|pass| pass.more) {}
    }

    pub(crate) async fn count(&self, what: &str) -> i64 {
        let sql = AssertSqlSafe(format!("select count(*) from portcullis.{what}"));
        sqlx::query_scalar(sql).fetch_one(&mut self.store().await).await.unwrap()
    }
}

/// What a list of `path` shows, in order.
pub(crate) fn listed(answer: &Answer, path: &str) -> Vec<Uuid> {
    let links = answer.all_between(&format!("<th scope=\"row\" class=\"\"><a href=\"{path}/"), "\"");
    let ids: Vec<Uuid> = links.iter().map(|id| id.parse().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "something is there twice");
    ids
}

/// The page as it is read: without markup, and what is set as code in backticks.
pub(crate) fn read(answer: &Answer) -> String {
    let marked = answer.html.replace("<code>", "`").replace("</code>", "`");
    marked.split('<').map(|rest| rest.split_once('>').map_or(rest, |(_, text)| text)).collect()
}

/// Where a link with such a relation leads.
pub(crate) fn leading(answer: &Answer, rel: &str) -> Option<String> {
    let tag = answer.html.split("<a ").find(|tag| tag.contains(&format!("rel=\"{rel}\"")))?;
    let href = tag.split_once("href=\"")?.1.split_once('"')?.0;
    Some(href.replace("&amp;", "&"))
}
