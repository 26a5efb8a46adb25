-- The cookie is about to change: its row goes, and one with a new hash and the same id takes its place.
delete from portcullis.sessions
where hash = $1
  and ended_at is null
