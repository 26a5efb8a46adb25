-- The same from the calls themselves: since a moment within the last hour.
select
    person_id, null::bigint as "slot?", decision,
    count(*) as "calls!", sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from portcullis.calls
where id > $1
group by person_id, decision
