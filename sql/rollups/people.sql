-- Calls of each person since an hour, or of one: by slots of $2 seconds and decision.
select
    person_id, floor(extract(epoch from hour - $1) / $2::bigint)::bigint as "slot!", decision,
    sum(calls)::bigint as "calls!", sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from portcullis.usage_by_hour
where hour >= $1
    and ($3::uuid is null or person_id = $3)
group by person_id, 2, decision
