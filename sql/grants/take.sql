-- Takes a code, once: of many who bring it at the same time, one gets a row. It is spent even where what came with it
-- turns out to be wrong. The row shows the grant as it was before.
update portcullis.grants
set exchanged_at = $2
where code_hash = $1
  and exchanged_at is null
  and revoked_at is null
returning
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
    null::timestamptz as "exchanged_at?",
    revoked_by,
    revoked_at
