-- The same from the calls themselves: since a moment within the last hour.
select
    slot as "slot?", decision as "decision?", person_id as "person_id?", count(*) as "calls!",
    sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from (
    select *, floor(date_part('epoch', at - $1) / $2::bigint)::bigint as slot
    from portcullis.calls
    where id > $3
) since
group by grouping sets ((slot, decision), (person_id))
