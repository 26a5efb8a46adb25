-- Access tokens that ended before $1, $2 of them at most. The record names them by their identifier, and keeps it.
delete from portcullis.tokens
where id in (
    select id
    from portcullis.tokens
    where expires_at < $1
    limit $2
)
