update portcullis.alerts
set acknowledged_by = $2,
    acknowledged_at = $3
where id = $1
  and acknowledged_at is null
returning kind, subject, person_id
