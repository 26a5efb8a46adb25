-- Guesses that slow nobody down any more.
delete from portcullis.guesses
where (kind, key) in (
    select kind, key
    from portcullis.guesses
    where last_at < $1 and free_at < $1
    limit $2
)
