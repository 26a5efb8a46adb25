-- Which call is the $3rd between the two, oldest first.
select id
from portcullis.calls
where id > $1 and id < $2
order by id asc
offset $3::bigint - 1
limit 1
