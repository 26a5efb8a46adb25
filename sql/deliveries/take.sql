-- Takes what waits longest. It comes up again at $2, should whoever took it never tell what became of it; until then
-- nobody else takes it.
update portcullis.deliveries as delivery
set attempts = delivery.attempts + 1,
    next_at = $2
from portcullis.alerts as alert
where alert.id = delivery.alert_id
  and delivery.alert_id = (
      select due.alert_id
      from portcullis.deliveries as due
      join portcullis.alerts as told on told.id = due.alert_id
      where due.ended_at is null
        and due.next_at <= $1
      order by due.next_at, due.alert_id
      limit 1
      for update of due skip locked
  )
returning
    delivery.since,
    delivery.attempts,
    alert.id,
    alert.at,
    alert.kind,
    alert.person_id,
    alert.subject,
    alert.detail
