-- Looks through up to $2 attempts since $1, and those that were left open before, for such as are over: with an outcome,
-- or begun before $3 and so never to get one. Adds up to $4 of them to the calls, and in the same breath to the sums of
-- their hours; keeps in mind which are still open.
with recent as materialized (
    select a.id, a.at, c.id is null as is_new
    from (
        select id, at
        from portcullis.attempts
        where at >= $1
        order by at, id
        limit $2
    ) a
    left join portcullis.calls c on c.id = a.id
),
looked as materialized (
    select id, at
    from recent
    where is_new
    union
    select id, at
    from portcullis.open_calls
),
over as materialized (
    select
        a.id, a.at, a.person_id, a.person, a.profile, a.client_id, a.client, a.tool, a.sql,
        coalesce(o.decision, 'unfinished') as decision, o.reason, coalesce(o.relations, '{}') as relations,
        coalesce(o.row_count, 0) as row_count, coalesce(o.byte_count, 0) as byte_count,
        coalesce(o.duration_us, 0) as duration_us
    from looked l
    join portcullis.attempts a on a.id = l.id
    left join portcullis.outcomes o on o.attempt_id = l.id
    where (o.attempt_id is not null or l.at < $3)
        and not exists (select from portcullis.calls c where c.id = l.id)
    order by l.at, l.id
    limit $4
),
opened as (
    insert into portcullis.open_calls (id, at)
    select id, at
    from recent r
    where is_new and at >= $3
        and not exists (select from portcullis.outcomes o where o.attempt_id = r.id)
    on conflict on constraint open_calls_key do nothing
),
closed as (
    delete from portcullis.open_calls
    where id in (select id from over)
),
fresh as (
    insert into portcullis.calls (
        id, at, person_id, person, profile, client_id, client, tool, decision, reason, relations, row_count, byte_count,
        duration_us, terms
    )
    select
        id, at, person_id, person, profile, client_id, client, tool, decision, reason, relations, row_count, byte_count,
        duration_us,
        (
            select array_to_tsvector(array_agg(to_hex(stretch) || term))
            from (select ('x' || replace(left(id::text, 13), '-', ''))::bit(48)::bigint >> 27 as stretch) when_it_was,
            lateral (
                select left(term, 200) as term
                from unnest(array[
                    'U' || right(person_id::text, 12), 'P' || profile, 'C' || right(client_id::text, 12), 'N' || client,
                    'T' || tool, 'D' || decision, 'R' || reason
                ]) term
                where term is not null
                union all
                select left('F' || relation, 200)
                from unnest(relations) relation
                union all
                select 'W' || left(word, 64)
                from unnest((regexp_split_to_array(lower(left(sql, 50000)), '[\x01-\x2f\x3a-\x5e\x60\x7b-\x7f]+'))[:1000]) word
                where word <> ''
            ) its
        )
    from over
    on conflict on constraint calls_key do nothing
    returning
        id, date_trunc('hour', at, 'UTC') as hour, person_id, profile, decision, reason, relations, row_count, byte_count,
        duration_us
),
usage as (
    insert into portcullis.usage_by_hour as sums (hour, person_id, profile, decision, calls, row_count, byte_count)
    select hour, person_id, profile, decision, count(*), sum(row_count), sum(byte_count)
    from fresh
    group by hour, person_id, profile, decision
    on conflict on constraint usage_by_hour_key do update
    set
        calls = sums.calls + excluded.calls,
        row_count = sums.row_count + excluded.row_count,
        byte_count = sums.byte_count + excluded.byte_count
),
reasons as (
    insert into portcullis.reasons_by_hour as sums (hour, reason, calls)
    select hour, reason, count(*)
    from fresh
    where reason is not null
    group by hour, reason
    on conflict on constraint reasons_by_hour_key do update
    set calls = sums.calls + excluded.calls
),
relations as (
    insert into portcullis.relations_by_hour as sums (hour, relation, decision, calls)
    select hour, relation, decision, count(*)
    from fresh, unnest(relations) relation
    group by hour, relation, decision
    on conflict on constraint relations_by_hour_key do update
    set calls = sums.calls + excluded.calls
),
durations as (
    insert into portcullis.durations_by_hour as sums (hour, step, calls)
    select hour, floor(8 * ln(greatest(duration_us, 1)::float8) / ln(2::float8))::smallint as step, count(*)
    from fresh
    where decision <> 'unfinished'
    group by hour, step
    on conflict on constraint durations_by_hour_key do update
    set calls = sums.calls + excluded.calls
)
select
    (select count(*) from recent) as "looked!",
    (select max(at) from recent) as last_looked,
    (select count(*) from over) as "taken!",
    (select max(at) from over) as last_taken
