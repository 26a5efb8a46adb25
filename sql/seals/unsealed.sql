-- Rows of the record between the two that no seal lists, $3 of them at most.
select relation as "relation!", id as "id!"
from (
    (
        select 'attempts' as relation, id from portcullis.attempts where id >= $1 and id < $2
        union all
        select 'outcomes', attempt_id from portcullis.outcomes where attempt_id >= $1 and attempt_id < $2
        union all
        select 'denials', id from portcullis.denials where id >= $1 and id < $2
        union all
        select 'events', id from portcullis.events where id >= $1 and id < $2
    )
    except all
    select relation, unnest(ids)
    from portcullis.seals
    where newest >= $1 and oldest < $2
) unsealed
order by relation, id
limit $3
