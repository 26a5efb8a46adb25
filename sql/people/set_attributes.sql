update portcullis.people
set attributes = $2
where id = $1
