-- Calls since an hour: by slots of $2 seconds and decision, and by person, in one go. The hours are summed up first, for
-- there are few of them, and so few slots to reckon out.
select
    floor(date_part('epoch', hour - $1) / $2::bigint)::bigint as "slot?", decision as "decision?",
    person_id as "person_id?", sum(calls)::bigint as "calls!",
    sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from (
    select
        hour, decision, person_id, sum(calls) as calls, sum(row_count) as row_count, sum(byte_count) as byte_count
    from portcullis.usage_by_hour
    where hour >= $1
    group by grouping sets ((hour, decision), (person_id))
) since
group by 1, decision, person_id
