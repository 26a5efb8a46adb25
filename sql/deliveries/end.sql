-- It arrived, or it is given up for the fault.
update portcullis.deliveries
set ended_at = $2,
    fault = $3
where alert_id = $1
