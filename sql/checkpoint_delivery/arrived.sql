-- The next one may go at once.
update portcullis.checkpoint_delivery
set arrived = $1,
    attempts = 0,
    next_at = $2,
    fault = null
where arrived < $1
