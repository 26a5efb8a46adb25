select
    id, at, request_id, reason, person_id, person, profile, token_id, client_id, client, ip::text as ip, user_agent
from portcullis.denials
where id = any ($1)
