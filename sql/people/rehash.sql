-- The same password, hashed with more work; not where it was changed meanwhile.
update portcullis.people
set password_hash = $3
where id = $1
  and password_hash = $2
