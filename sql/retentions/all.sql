select id, at, actor, since, until, rows, key_id, signature
from portcullis.retentions
order by since
