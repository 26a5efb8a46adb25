-- What chance decides about each call of a year. The same number gives the same call to whoever asks, whenever they ask, so
-- the year begins at a moment that was settled before.
create schema bench;

create function bench.chance(n bigint, kind bigint)
returns double precision
language sql immutable parallel safe
as $$ select (hashint8extended(n, kind) & 4294967295) / 4294967296.0 $$;

-- Sixty shapes of a statement, 300 bytes each.
create table bench.shapes as
select
    k,
    'select o.id, o.status, sum(l.quantity * l.price) as total_' || k || ' from public.relation_' || k || ' o '
    || 'join public.order_items l on l.order_id = o.id left join public.customers c on c.id = o.customer_id '
    || 'where c.city = ''city_%'' and o.placed_at >= ''2026-01-01'' '
    || 'group by o.id, o.status order by total_' || k || ' desc limit 100' as sql
from generate_series(0, 59) k;

create view bench.calls as
select
    n, ms, to_timestamp(ms / 1000.0) as at, ms >> 27 as stretch,
    (
        lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || 'a'
        || substr(lpad(to_hex(hashint8extended(n, 0)), 16, '0'), 2)
    )::uuid as id,
    p, ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid as person_id, 'person_' || p as person,
    (array['analyst', 'support', 'finance'])[1 + p % 3] as profile,
    ('00000000-0000-7000-9000-' || lpad(to_hex(c), 12, '0'))::uuid as client_id, 'Client ' || c as client,
    case when t < 0.9 then 'run_query' when t < 0.96 then 'describe_table' else 'list_tables' end as tool,
    case when t < 0.9 then k end as k, (n % 4999)::text as city,
    case when d < 0.93 then 'allowed' when d < 0.98 then 'refused' else 'failed' end as decision,
    case
        when d < 0.93 then null
        when d < 0.98 then (
            array[
                'disallowed_table', 'disallowed_column', 'select_star', 'parse_error', 'disallowed_function',
                'disallowed_construct', 'too_complex', 'system_schema', 'multi_statement', 'non_select_root'
            ]
        )[1 + floor(10 * power((d - 0.93) / 0.05, 6))::int]
        when d < 0.99998 then 'execution_error'
        else 'misconfigured'
    end as reason,
    floor(bench.chance(n, 6) * 100)::bigint as row_count, floor(bench.chance(n, 7) * 20000)::bigint as byte_count,
    floor(exp(bench.chance(n, 8) * 6) * 1000)::bigint as duration_us
from (
    select
        n,
        current_setting('bench.begun')::bigint + (n * (31536000000 / current_setting('bench.rows')::double precision))::bigint as ms,
        floor(400 * power(bench.chance(n, 1), 3))::int as p, floor(12 * power(bench.chance(n, 2), 2))::int as c,
        bench.chance(n, 3) as t, floor(60 * power(bench.chance(n, 4), 2))::int as k, bench.chance(n, 5) as d
    from generate_series(1, current_setting('bench.rows')::bigint) n
) drawn;

-- The words of each shape, for each stretch of time.
create table bench.words as
select
    k, stretch,
    (
        select array_to_tsvector(array_agg(to_hex(stretch) || 'W' || word))
        from unnest(regexp_split_to_array(replace(sql, '%', 'x'), '[^a-z0-9_]+')) word
        where word not in ('', 'city_x')
    ) as words
from bench.shapes,
generate_series(
    current_setting('bench.begun')::bigint >> 27, (current_setting('bench.begun')::bigint + 31536000000) >> 27
) stretch;

alter table bench.words add primary key (k, stretch);
analyze bench.words;

insert into portcullis.people (id, username, email, display_name, created_at)
select
    ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid, 'person_' || p, 'person_' || p || '@example.com',
    'Person ' || p, now()
from generate_series(0, 399) p
