delete from portcullis.guesses
where last_at < $1
  and free_at < $2
