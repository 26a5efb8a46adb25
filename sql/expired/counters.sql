delete from portcullis.counters
where (kind, network) in (
    select kind, network
    from portcullis.counters
    where began_at < $1
    limit $2
)
