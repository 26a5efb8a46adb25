-- Uses a refresh token up, once: of many who bring it at the same time, one gets a row.
update portcullis.refresh_tokens
set rotated_at = $2,
    salt = $3
where hash = $1
  and rotated_at is null
  and expires_at > $2
returning grant_id
