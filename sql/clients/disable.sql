update portcullis.clients
set disabled_at = $2,
    disabled_by = $3
where identifier = $1
  and disabled_at is null
returning id
