update portcullis.clients
set disabled_at = null,
    disabled_by = null
where identifier = $1
  and disabled_at is not null
returning id
