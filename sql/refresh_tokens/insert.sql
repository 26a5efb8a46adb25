insert into portcullis.refresh_tokens (id, hash, grant_id, issued_at, expires_at)
values ($1, $2, $3, $4, $5)
