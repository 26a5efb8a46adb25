-- The same from the calls themselves: since a moment within the last hour.
select
    person_id, floor(extract(epoch from at - $1) / $2::bigint)::bigint as "slot!", decision,
    count(*) as "calls!", sum(row_count)::bigint as "row_count!", sum(byte_count)::bigint as "byte_count!"
from portcullis.calls
where id > $4
    and ($3::uuid is null or person_id = $3)
group by person_id, 2, decision
