-- Calls since an hour: by slots of $2 seconds and decision, and by person, in one go.
select
    slot as "slot?", decision as "decision?", person_id as "person_id?", sum(calls)::bigint as "calls!",
    sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from (
    select *, floor(extract(epoch from hour - $1) / $2::bigint)::bigint as slot
    from portcullis.usage_by_hour
    where hour >= $1
) since
group by grouping sets ((slot, decision), (person_id))
