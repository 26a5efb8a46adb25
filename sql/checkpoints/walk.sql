-- The checkpoints after a seal, in their order.
select position, at, rows, link, key_id, signature
from portcullis.checkpoints
where position > $1
order by position
limit $2
