delete from portcullis.counters
where began_at < $1
