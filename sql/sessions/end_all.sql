update portcullis.sessions
set ended_at = $3,
    ended_by = $4
where person_id = $1
  and id is distinct from $2
  and ended_at is null
returning id
