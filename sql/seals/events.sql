select id, at, kind, actor, person_id, subject, detail::text as detail
from portcullis.events
where id = any ($1)
