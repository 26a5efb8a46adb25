select
    id, at, request_id, person_id, person, profile, token_id, client_id, client, redirect, ip::text as ip, user_agent,
    tool, arguments::text as arguments, sql
from portcullis.attempts
where id = any ($1)
