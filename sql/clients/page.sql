-- One page of clients, those made known last first, with how many tokens of each still live.
select
    client.id,
    client.kind,
    client.identifier,
    client.name,
    client.redirect_uris,
    client.redirect_match,
    client.registered_by,
    client.registered_from,
    client.created_at,
    client.disabled_at,
    client.fresh_until,
    client.used_at,
    (
        select count(*)
        from portcullis.tokens as token
        where token.client_id = client.id
          and token.revoked_at is null
          and token.expires_at > $1
    ) as "living_tokens!",
    exists (
        select
        from portcullis.pauses as pause
        where pause.kind = 'client'
          and pause.key = client.id::text
          and pause.ended_at is null
    ) as "is_paused!"
from portcullis.clients as client
where (client.created_at, client.id) < ($2, $3)
  and (
      position($4 in lower(client.name)) > 0
      or position($4 in lower(client.identifier)) > 0
      or exists (
          select
          from unnest(client.redirect_uris) as redirect_uri
          where position($4 in lower(redirect_uri)) > 0
      )
  )
order by client.created_at desc, client.id desc
limit $5
