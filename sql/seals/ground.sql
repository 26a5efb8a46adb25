-- The last seal, and which transactions are over: all below `over`, and none from `begun` on has begun. Numbers of
-- transactions are 64 bits wide here and never come again.
select
    pg_snapshot_xmin(snapshot)::text::bigint as "over!",
    pg_snapshot_xmax(snapshot)::text::bigint as "begun!",
    last.position as "position?",
    last.at as "at?",
    last.horizon as "horizon?",
    last.rows as "rows?",
    last.link as "link?"
from pg_current_snapshot() as snapshot
left join lateral (
    select position, at, horizon, rows, link
    from portcullis.seals
    order by position desc
    limit 1
) last on true
