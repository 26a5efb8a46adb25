-- Who has used so much of a budget within its running window.
select
    person.id as person_id,
    person.username as person,
    case $4 when 'calls' then used.calls when 'rows' then used.row_count else used.byte_count end as "used!"
from portcullis.budget_use as used
join portcullis.people as person on person.id = used.person_id
where used.profile = $1
  and used.seconds = $2
  and used.began_at = $3
  and case $4 when 'calls' then used.calls when 'rows' then used.row_count else used.byte_count end >= $5::bigint
