select id, at, kind, person_id, subject, detail, acknowledged_by, acknowledged_at
from portcullis.alerts
where acknowledged_at is not null
order by acknowledged_at desc
limit $1
