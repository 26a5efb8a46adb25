-- Calls as a list shows them, newest first: what was asked is the statement, or else the name that was given.
select
    c.id, c.at, c.person, c.profile, c.client_id, c.client, c.tool, c.decision, c.reason, c.row_count, c.byte_count,
    c.duration_us, left(coalesce(a.sql, a.arguments ->> 'name'), 400) as asked
from portcullis.calls c
left join portcullis.attempts a on a.id = c.id
where c.id = any ($1)
order by c.id desc
