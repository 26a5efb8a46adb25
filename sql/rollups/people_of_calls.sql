-- The same from the calls themselves: since a moment within the last hour.
select
    person_id, floor(date_part('epoch', at - $1) / $2::bigint)::bigint as "slot?", decision,
    count(*) as "calls!", sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from portcullis.calls
where id > $4
    and person_id = any ($3)
group by person_id, 2, decision
