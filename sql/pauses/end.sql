update portcullis.pauses
set ended_at = $3,
    ended_by = $4
where kind = $1
  and key = $2
  and ended_at is null
returning subject
