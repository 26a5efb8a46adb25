update portcullis.assignments
set ended_at = $3,
    ended_by = $4
where person_id = $1
  and profile = $2
  and ended_at is null
returning id
