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
order by created_at desc, id
limit $1
