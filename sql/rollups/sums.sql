-- Calls of everybody since an hour, by decision.
select
    person_id, null::bigint as "slot?", decision,
    sum(calls)::bigint as "calls!", sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from portcullis.usage_by_hour
where hour >= $1
group by person_id, decision
