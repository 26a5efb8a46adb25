truncate portcullis.outcomes;
insert into portcullis.outcomes (
    attempt_id, at, decision, reason, canonical_sql, executed_sql, relations, functions, row_count, byte_count, truncated,
    duration_us
)
select
    id, at + interval '20 ms', decision, reason, case when decision <> 'refused' then replace(sql, '%', city) end,
    case when decision <> 'refused' then replace(sql, '%', city) end,
    case when decision <> 'refused' and k is not null then array['public.relation_' || k, 'public.order_items'] else '{}' end,
    case when k is not null then array['pg_catalog.sum'] else '{}' end, row_count, byte_count, false, duration_us
from bench.calls
left join bench.shapes using (k)
