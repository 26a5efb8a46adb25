-- Refresh tokens that ended before $1, $2 of them at most.
delete from portcullis.refresh_tokens
where id in (
    select id
    from portcullis.refresh_tokens
    where expires_at < $1
    limit $2
)
