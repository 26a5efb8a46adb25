select kind, key, subject, began_at, began_by
from portcullis.pauses
where ended_at is null
order by began_at desc
limit 500
