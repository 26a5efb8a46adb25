-- What the tokens descend from ends as well, or a refresh token would bring them back.
with ended as (
    update portcullis.grants
    set revoked_at = $2,
        revoked_by = $3
    where person_id = $1
      and revoked_at is null
      and ends_at > $2
)
update portcullis.tokens
set revoked_at = $2,
    revoked_by = $3
where person_id = $1
  and revoked_at is null
  and expires_at > $2
