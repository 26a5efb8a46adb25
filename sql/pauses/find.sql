select began_at, began_by, subject
from portcullis.pauses
where kind = $1
  and key = $2
  and ended_at is null
