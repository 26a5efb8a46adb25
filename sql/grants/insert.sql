insert into portcullis.grants (
    id, person_id, client_id, session_id, profile, profile_is_chosen, scope, audience, left_out, redirect_uri, challenge,
    code_hash, approved_at, code_expires_at, ends_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
