-- Everything that descends from a grant ends with it.
with ended as (
    update portcullis.tokens
    set revoked_at = $2,
        revoked_by = $3
    where grant_id = $1
      and revoked_at is null
)
update portcullis.grants
set revoked_at = $2,
    revoked_by = $3
where id = $1
  and revoked_at is null
returning person_id, client_id, profile
