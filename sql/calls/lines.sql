-- Calls as a list shows them, newest first.
select
    c.id, c.at, c.person, c.profile, c.client_id, c.client, c.tool, c.decision, c.reason, c.row_count, c.byte_count,
    c.duration_us, left(a.sql, 400) as sql
from portcullis.calls c
left join portcullis.attempts a on a.id = c.id
where c.id = any ($1)
order by c.id desc
