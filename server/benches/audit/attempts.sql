truncate portcullis.attempts;
insert into portcullis.attempts (
    id, at, request_id, person_id, person, profile, token_id, client_id, client, ip, user_agent, tool, arguments, sql
)
select
    id, at, id, person_id, person, profile, person_id, client_id, client, '192.0.2.1', 'agent/1.0', tool, '{"limit": 100}',
    replace(sql, '%', city)
from bench.calls
left join bench.shapes using (k)
