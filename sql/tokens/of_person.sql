select
    token.id,
    token.profile,
    client.name as client,
    token.issued_by,
    token.issued_at,
    token.expires_at,
    token.revoked_at
from portcullis.tokens as token
join portcullis.clients as client on client.id = token.client_id
where token.person_id = $1
order by token.issued_at desc
limit $2
