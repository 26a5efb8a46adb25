insert into portcullis.denials (
    id, at, request_id, reason, person_id, person, profile, token_id, client_id, client, ip, user_agent
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
