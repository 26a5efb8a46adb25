-- The last checkpoint up to a seal.
select position, at, rows, link, key_id, signature
from portcullis.checkpoints
where position <= $1
order by position desc
limit 1
