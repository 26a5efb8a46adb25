-- Forgets clients that registered themselves and never came back for a token.
delete from portcullis.clients as client
where client.kind = 'dynamic'
  and client.used_at is null
  and client.created_at < $1
  and not exists (
      select
      from portcullis.grants as source
      where source.client_id = client.id
  )
