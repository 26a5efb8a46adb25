select
    token.id,
    token.profile,
    person.username as person,
    token.issued_by,
    token.issued_at,
    token.expires_at
from portcullis.tokens as token
join portcullis.people as person on person.id = token.person_id
where token.client_id = $1
  and token.revoked_at is null
  and token.expires_at > $2
order by token.expires_at desc
limit $3
