-- The client of a registration that was made a moment ago in the same words.
select
    id,
    kind,
    identifier,
    name,
    redirect_uris,
    redirect_match,
    registered_by,
    registered_from,
    created_at,
    disabled_at,
    fresh_until,
    used_at
from portcullis.clients
where kind = 'dynamic'
  and fingerprint = $1
  and created_at > $2
  and disabled_at is null
order by created_at desc
limit 1
