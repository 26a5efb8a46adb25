update portcullis.people
set password_hash = $2
where id = $1
