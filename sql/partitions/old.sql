-- The partitions that end at this identifier or before, and about how many rows each has.
select
    partition.relname::text as "name!",
    bound.until as "until!",
    greatest(partition.reltuples, 0)::bigint as "rows!"
from pg_inherits
join pg_class partition on partition.oid = inhrelid
cross join lateral (
    select substring(pg_get_expr(partition.relpartbound, partition.oid) from 'TO \(''([0-9a-f-]{36})''\)')::uuid as until
) bound
where inhparent in (
        'portcullis.attempts'::regclass, 'portcullis.outcomes'::regclass, 'portcullis.denials'::regclass,
        'portcullis.events'::regclass
    )
    and bound.until <= $1
order by bound.until, partition.relname
