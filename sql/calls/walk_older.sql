-- Looks through up to $3 calls between the two, newest first, and stops at $4 that fit.
select id
from (
    select *
    from portcullis.calls
    where id > $1 and id < $2
    order by id desc
    limit $3
) looked
where ($5::text is null or terms @@ $5::tsquery)
    and ($6::uuid is null or person_id = $6)
    and ($7::text is null or profile = $7)
    and ($8::uuid is null or client_id = $8)
    and ($9::text is null or client = $9)
    and ($10::text is null or tool = $10)
    and ($11::text is null or decision = $11)
    and ($12::text is null or reason = $12)
    and ($13::text is null or $13 = any (relations))
order by id desc
limit $4
