update portcullis.tokens
set revoked_at = $2,
    revoked_by = $3
where person_id = $1
  and revoked_at is null
  and expires_at > $2
