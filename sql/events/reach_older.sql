-- Which event is the $3rd between the two, newest first.
select id
from portcullis.events
where id > $1 and id < $2
    and ($4::uuid is null or person_id = $4)
order by id desc
offset $3::bigint - 1
limit 1
