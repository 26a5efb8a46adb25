-- One guess was right, which says nothing about the others from there.
update portcullis.guesses
set count = greatest(count - 1, 0),
    free_at = $3
where kind = $1
  and key = $2
