-- Calls that chance made, the same in each run: seven weeks, most of them in the last one.
select setseed(0.25);

create temporary table drawn as
select
    ms, to_timestamp(ms / 1000.0) as at,
    (lpad(to_hex(ms), 12, '0') || '7' || substr(h, 1, 3) || 'a' || substr(h, 4, 15))::uuid as id,
    p, c, array['run_query', 'describe_table', 'list_tables'] as tools, t, w, x
from (
    select
        (extract(epoch from timestamptz '{now}') * 1000)::bigint - (power(random(), 3) * 49 * 86400000)::bigint as ms,
        md5(n::text) as h, floor(20 * power(random(), 2))::int as p, floor(5 * random())::int as c,
        1 + floor(3 * power(random(), 3))::int as t, floor(12 * power(random(), 2))::int as w, random() as x
    from generate_series(1, {calls}) n
) chance;

insert into portcullis.attempts (
    id, at, request_id, person_id, person, profile, token_id, client_id, client, tool, arguments, sql
)
select
    id, at, gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(p::text, 12, '0'))::uuid, 'person_' || p,
    case when p % 4 = 0 then 'support' else 'analyst' end, gen_random_uuid(),
    ('00000000-0000-7000-9000-' || lpad(c::text, 12, '0'))::uuid, 'Client ' || c % 3, tools[t], '{"limit": 10}',
    case when t = 1 then
        'SELECT o.id, sum(total) FROM relation_' || w || ' o WHERE city = ''Zürich'' AND note_' || p || '_' || w || ' > 0'
    end
from drawn;

insert into portcullis.outcomes (
    attempt_id, at, decision, reason, relations, functions, row_count, byte_count, truncated, duration_us
)
select
    id, at + interval '20 ms',
    case when x < 0.9 then 'allowed' when x < 0.97 then 'refused' else 'failed' end,
    case when x < 0.9 then null when x < 0.95 then 'disallowed_table' when x < 0.97 then 'select_star' else 'timeout' end,
    case when t = 1 then array['public.relation_' || w, 'public.orders'] else '{}' end, '{}', w, 100 * w, false,
    1 + (exp(w) * 100)::bigint
from drawn
where x < 0.995;

drop table drawn
