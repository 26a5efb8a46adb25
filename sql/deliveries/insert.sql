insert into portcullis.deliveries (alert_id, since, next_at)
values ($1, $2, $2)
