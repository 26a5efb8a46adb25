update portcullis.clients
set used_at = $2
where id = $1
