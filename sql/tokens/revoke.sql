-- Revoking twice is harmless: the first revocation is the one that counts.
update portcullis.tokens
set revoked_at = $2,
    revoked_by = $3
where id = $1
  and revoked_at is null
returning person_id, profile, grant_id
