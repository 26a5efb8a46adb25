select position, at, rows, link, key_id, signature
from portcullis.checkpoints
order by position desc
limit 1
