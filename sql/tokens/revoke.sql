-- Revoking twice is harmless: the first revocation is the one that counts. What the token descends from ends as well, or a
-- refresh token would bring it back.
with ended as (
    update portcullis.tokens
    set revoked_at = $2,
        revoked_by = $3
    where id = $1
      and revoked_at is null
    returning person_id, profile, grant_id
),
source as (
    update portcullis.grants
    set revoked_at = $2,
        revoked_by = $3
    from ended
    where grants.id = ended.grant_id
      and grants.revoked_at is null
)
select
    person_id as "person_id!",
    profile as "profile!"
from ended
