-- Clients that registered themselves before $1 and never came back for a token, $2 of them at most.
delete from portcullis.clients
where id in (
    select c.id
    from portcullis.clients c
    where c.kind = 'dynamic'
        and c.used_at is null
        and c.created_at < $1
        and not exists (select from portcullis.grants g where g.client_id = c.id)
        and not exists (select from portcullis.tokens t where t.client_id = c.id)
    limit $2
)
