-- Sessions that can no longer live; the record tells what became of them.
delete from portcullis.sessions
where began_at < $1
