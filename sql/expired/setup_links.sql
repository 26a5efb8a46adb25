delete from portcullis.setup_links
where hash in (
    select hash
    from portcullis.setup_links
    where expires_at < $1
    limit $2
)
