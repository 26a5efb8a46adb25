-- Adds to what one person has used of one profile's budgets, takes or returns the lease of one statement, and tells where
-- that leads: exactly, because whoever adds at the same time waits for the row. Rows are taken in one order everywhere,
-- so that nobody waits in a circle. It may reach the disk a moment later; the outcome's commit carries it along.
with asynchronously as materialized (
    select set_config('synchronous_commit', 'off', true)
),
added as (
    insert into portcullis.budget_use as used (person_id, profile, seconds, began_at, calls, row_count, byte_count)
    select $1, $2, budget.seconds, budget.began_at, $5, $6, $7
    from asynchronously
    cross join unnest($3::bigint[], $4::timestamptz[]) as budget (seconds, began_at)
    order by budget.seconds
    on conflict on constraint budget_use_key do update
    set began_at = greatest(used.began_at, excluded.began_at),
        calls = excluded.calls + case when used.began_at < excluded.began_at then 0 else used.calls end,
        row_count = excluded.row_count + case when used.began_at < excluded.began_at then 0 else used.row_count end,
        byte_count = excluded.byte_count + case when used.began_at < excluded.began_at then 0 else used.byte_count end
    returning used.seconds, used.began_at, used.calls, used.row_count, used.byte_count
),
leased as (
    insert into portcullis.leases as lease (person_id, profile, attempts, ends)
    select
        $1,
        $2,
        case when $10::timestamptz is null then '{}'::uuid[] else array[$8::uuid] end,
        case when $10::timestamptz is null then '{}'::timestamptz[] else array[$10::timestamptz] end
    from (select count(*) from added) as afterwards
    where $9::int is not null
    on conflict on constraint leases_key do update
    set (attempts, ends) = (
        select coalesce(array_agg(kept.attempt), '{}'), coalesce(array_agg(kept.ends_at), '{}')
        from (
            select other.attempt, other.ends_at
            from unnest(lease.attempts, lease.ends) as other (attempt, ends_at)
            where other.ends_at > $11
              and other.attempt <> $8
            union all
            select $8, $10
            where $10 is not null
              and (
                  select count(*)
                  from unnest(lease.attempts, lease.ends) as other (attempt, ends_at)
                  where other.ends_at > $11
                    and other.attempt <> $8
              ) < $9
        ) as kept (attempt, ends_at)
    )
    returning $8 = any(lease.attempts) as is_held, cardinality(lease.attempts) as at_work
)
select
    added.seconds as "seconds?",
    added.began_at as "began_at?",
    added.calls as "calls?",
    added.row_count as "row_count?",
    added.byte_count as "byte_count?",
    leased.is_held as "is_held?",
    leased.at_work as "at_work?"
from asynchronously
left join added on true
left join leased on true
