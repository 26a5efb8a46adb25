-- Of two who show the same code, one is let in.
update portcullis.recovery_codes
set used_at = $3
where person_id = $1
  and hash = $2
  and used_at is null
returning person_id
