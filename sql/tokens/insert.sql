insert into portcullis.tokens (
    id, hash, person_id, client_id, grant_id, profile, profile_is_chosen, scope, audience, issued_by, issued_at,
    expires_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
