-- Sessions that began before $1, $2 of them at most: none of them can live.
delete from portcullis.sessions
where id in (
    select id
    from portcullis.sessions
    where began_at < $1
    limit $2
)
