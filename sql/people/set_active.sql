update portcullis.people
set active = $2
where id = $1
  and active is distinct from $2
returning id
