-- Which call is the $3rd between the two, newest first.
select id
from portcullis.calls
where id > $1 and id < $2
order by id desc
offset $3::bigint - 1
limit 1
