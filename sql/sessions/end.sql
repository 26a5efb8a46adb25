update portcullis.sessions
set ended_at = $3,
    ended_by = $4
where id = $1
  and person_id = $2
  and ended_at is null
returning id
