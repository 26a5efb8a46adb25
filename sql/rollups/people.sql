-- Calls of these people since an hour: by slots of $2 seconds and decision.
select
    person_id, floor(date_part('epoch', hour - $1) / $2::bigint)::bigint as "slot?", decision,
    sum(calls)::bigint as "calls!", sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from portcullis.usage_by_hour
where hour >= $1
    and person_id = any ($3)
group by person_id, 2, decision
