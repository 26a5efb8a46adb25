select free_at
from portcullis.guesses
where kind = $1
  and key = $2
