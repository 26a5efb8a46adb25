select id, at, kind, person_id, subject, detail, acknowledged_by, acknowledged_at
from portcullis.alerts
where acknowledged_at is null
order by id desc
limit $1
