select
    id,
    person_id,
    client_id,
    profile,
    profile_is_chosen,
    scope,
    audience,
    left_out,
    redirect_uri,
    challenge,
    approved_at,
    code_expires_at,
    ends_at,
    exchanged_at,
    revoked_by,
    revoked_at
from portcullis.grants
where id = $1
