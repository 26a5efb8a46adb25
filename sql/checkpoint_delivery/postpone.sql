update portcullis.checkpoint_delivery
set next_at = $2,
    fault = $3
where arrived < $1
