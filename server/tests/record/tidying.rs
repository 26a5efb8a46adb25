//! What expired long ago goes; what somebody may still come with, and the record, stays.

use crate::world::World;
use server::flow::tidy_up::{Tidied, tidy_up};
use sqlx::AssertSqlSafe;
use time::Duration;

/// One of each kind that ended so long ago, and one that has not ended.
async fn plant(world: &World, ended: Duration) {
    let now = world.now();
    let sql = format!(
        "with long_ago (at, mark) as (values (timestamptz '{past}', 'old'), (timestamptz '{future}', 'new')),
        person as (select id from portcullis.people limit 1),
        client as (
            insert into portcullis.clients (id, kind, identifier, name, created_at)
            select gen_random_uuid(), 'dynamic', mark, mark, at - interval '1 hour' from long_ago
        ),
        session as (
            insert into portcullis.sessions (id, hash, person_id, began_at, seen_at)
            select gen_random_uuid(), sha256(mark::bytea), person.id, at, at from long_ago, person
        ),
        grown as (
            insert into portcullis.grants (
                id, person_id, client_id, profile, profile_is_chosen, scope, audience, left_out, redirect_uri, challenge,
                code_hash, approved_at, code_expires_at, ends_at, exchanged_at
            )
            select
                gen_random_uuid(), person.id, '00000000-0000-0000-0000-000000000001', 'analyst', true, 's', mark, '{{}}', 'r', 'c',
                sha256(mark::bytea), at - interval '2 hours', at, at, at
            from long_ago, person
            returning id, ends_at
        ),
        token as (
            insert into portcullis.tokens (
                id, hash, person_id, client_id, profile, scope, audience, issued_by, issued_at, expires_at, grant_id
            )
            select
                gen_random_uuid(), sha256(g.id::text::bytea), person.id, '00000000-0000-0000-0000-000000000001', 'analyst', 's',
                'a', 'test', g.ends_at - interval '1 hour', g.ends_at, g.id
            from grown g, person
        ),
        refresh as (
            insert into portcullis.refresh_tokens (id, hash, grant_id, issued_at, expires_at)
            select gen_random_uuid(), sha256(id::text::bytea), id, ends_at - interval '1 hour', ends_at from grown
        ),
        counter as (
            insert into portcullis.counters (kind, network, began_at, count)
            select mark, '192.0.2.0/24', at, 1 from long_ago
        ),
        guess as (
            insert into portcullis.guesses (kind, key, count, last_at, free_at)
            select mark, '\\x00', 1, at, at from long_ago
        )
        insert into portcullis.setup_links (hash, created_at, expires_at)
        select sha256(mark::bytea), at - interval '1 hour', at from long_ago",
        past = now - ended,
        future = now + Duration::days(1),
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&world.house.store).await.unwrap();
}

const TABLES: [&str; 8] = [
    "clients where kind = 'dynamic'",
    "sessions",
    "grants",
    "tokens",
    "refresh_tokens",
    "counters",
    "guesses",
    "setup_links",
];

async fn counts(world: &World) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(world.house.count(table).await);
    }
    counts
}

#[tokio::test]
async fn what_expired_long_ago_is_deleted_and_what_lives_stays() {
    let world = World::new().await;
    plant(&world, Duration::days(90)).await;
    world.call().await;
    assert_eq!(counts(&world).await, [2; 8]);
    let record = world.house.count("attempts").await;
    assert_eq!(tidy_up(&world.house.portcullis).await.unwrap(), Some(Tidied { deleted: 8, more: false }));
    assert_eq!(counts(&world).await, [1; 8]);
    assert_eq!(world.house.count("attempts").await, record);
    assert_eq!(tidy_up(&world.house.portcullis).await.unwrap(), Some(Tidied { deleted: 0, more: false }));
}

#[tokio::test]
async fn what_expired_yesterday_is_kept_for_whoever_still_comes_with_it() {
    let world = World::new().await;
    plant(&world, Duration::days(1)).await;
    tidy_up(&world.house.portcullis).await.unwrap();
    assert_eq!(counts(&world).await, [2; 8]);
}

#[tokio::test]
async fn one_instance_tidies_up_at_a_time() {
    let world = World::new().await;
    let mut transaction = world.house.store.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(1953064057)").execute(&mut *transaction).await.unwrap();
    assert_eq!(tidy_up(&world.house.portcullis).await.unwrap(), None);
}
