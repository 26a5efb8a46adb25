-- Grants from which nothing can come any more, and codes that nobody exchanged in time, $2 of them at most: only such that
-- no token names.
delete from portcullis.grants
where id in (
    select g.id
    from portcullis.grants g
    where (g.ends_at < $1 or (g.exchanged_at is null and g.code_expires_at < $1))
        and not exists (select from portcullis.tokens t where t.grant_id = g.id)
        and not exists (select from portcullis.refresh_tokens r where r.grant_id = g.id)
    limit $2
)
