-- Denials since a moment, by person and slots of $2 seconds: from the sums as far as they go, beyond from the record. $3 is
-- the first identifier of whichever comes later, the moment or the end of the sums.
select person_id as "person_id!", slot as "slot!", sum(denials)::bigint as "denials!"
from (
    select person_id, floor(date_part('epoch', hour - $1) / $2::bigint)::bigint as slot, denials
    from portcullis.denials_by_hour
    where hour >= $1
        and hour < $4
    union all
    select person_id, floor(date_part('epoch', at - $1) / $2::bigint)::bigint, 1
    from portcullis.denials
    where id > $3
) denied
where $5::uuid is null or person_id = $5
group by person_id, slot
