-- Takes the next checkpoint. It comes up again at $2, should whoever took it never tell what became of it; until then
-- nobody else takes it.
update portcullis.checkpoint_delivery as delivery
set attempts = delivery.attempts + 1,
    next_at = $2
from portcullis.checkpoints as checkpoint
where delivery.next_at <= $1
  and checkpoint.position = (
      select min(later.position)
      from portcullis.checkpoints as later
      where later.position > delivery.arrived
  )
returning
    delivery.attempts,
    checkpoint.position,
    checkpoint.at,
    checkpoint.rows,
    checkpoint.link,
    checkpoint.key_id,
    checkpoint.signature
