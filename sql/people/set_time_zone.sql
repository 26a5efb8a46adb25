update portcullis.people
set time_zone = $2
where id = $1
