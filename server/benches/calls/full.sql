insert into portcullis.people (id, username, email, display_name, active, staff, created_at)
select md5('person' || n)::uuid, 'p' || n, 'p' || n || '@example.com', 'Person ' || n, true, true, now()
from generate_series(1, :people) as n;
insert into portcullis.assignments (id, person_id, profile, assigned_by, assigned_at)
select md5('assignment' || n)::uuid, md5('person' || n)::uuid, 'analyst', 'bench', now()
from generate_series(1, :people) as n;
insert into portcullis.clients (id, kind, name, identifier, created_at)
select md5('client' || n)::uuid, 'registered', 'Client ' || n, 'client-' || n, now()
from generate_series(1, :people) as n;
insert into portcullis.sessions (id, hash, person_id, began_at, seen_at, signed_in_at, proven_at)
select md5('session' || n)::uuid, sha256(('session' || n)::bytea), md5('person' || n)::uuid, now(), now(), now(), now()
from generate_series(1, :people) as n;
insert into portcullis.tokens (
    id, hash, person_id, client_id, profile, scope, audience, issued_by, issued_at, expires_at
)
select
    md5('token' || n)::uuid, sha256(('token' || n)::bytea), md5('person' || n)::uuid, md5('client' || n)::uuid, 'analyst',
    'sql', 'bench', 'bench', now(), now() + interval '1 day'
from generate_series(1, :people) as n;
with made as materialized (
    select
        at,
        -- As UUIDv7: the milliseconds first, so that they lie by time.
        (
            lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8'
            || substr(hash, 4, 15)
        )::uuid as id
    from (
        select md5(n::text) as hash, now() - interval '30 days' + interval '28 days' * n / :attempts as at
        from generate_series(1, :attempts) as n
    ) as times
), attempts as (
    insert into portcullis.attempts (
        id, at, request_id, person_id, person, profile, token_id, client_id, client, ip, user_agent, tool, arguments, sql
    )
    select
        id, at, id, id, 'somebody', 'analyst', id, id, 'agent', '192.0.2.1', 'agent/1.0', 'run_query', '{"limit": 100}',
        'select id, status, total from orders where id = 1'
    from made
)
insert into portcullis.outcomes (
    attempt_id, at, decision, canonical_sql, executed_sql, relations, functions, row_count, byte_count, truncated,
    duration_us
)
select
    id, at, 'allowed', 'select "orders"."id", "orders"."status" from "public"."orders" where "orders"."id" = 1',
    'select "orders"."id", "orders"."status" from "public"."orders" where "orders"."id" = 1', '{public.orders}', '{}', 1, 30,
    false, 1000
from made;
