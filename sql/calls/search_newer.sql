-- Finds calls between the two by their terms, one stretch of time after the other, and stops at $5 that fit. The number
-- of the stretch takes the place of U+0001 in $6 and $7. The fence (offset 0) keeps the planner from reading every call
-- between the two; a nested loop keeps to the order of its outer side, so that the stretches stay in order.
select hit.id as "id!"
from generate_series($3::bigint, $4::bigint) stretch
cross join lateral (
    select id
    from (
        select *
        from portcullis.calls
        where terms @@ replace($6, U&'\0001', to_hex(stretch))::tsquery
        offset 0
    ) found
    where id > $1 and id < $2
        and ($7::text is null or terms @@ replace($7, U&'\0001', to_hex(stretch))::tsquery)
        and ($8::uuid is null or person_id = $8)
        and ($9::text is null or profile = $9)
        and ($10::uuid is null or client_id = $10)
        and ($11::text is null or client = $11)
        and ($12::text is null or tool = $12)
        and ($13::text is null or decision = $13)
        and ($14::text is null or reason = $14)
        and ($15::text is null or $15 = any (relations))
    order by id asc
    limit $5
) hit
limit $5
