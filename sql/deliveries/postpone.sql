update portcullis.deliveries
set next_at = $2,
    fault = $3
where alert_id = $1
