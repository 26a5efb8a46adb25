-- Who holds a profile, as far as a page shows it.
select person.username
from portcullis.assignments as assignment
join portcullis.people as person on person.id = assignment.person_id
where assignment.profile = $1
  and assignment.ended_at is null
order by person.username
limit $2
