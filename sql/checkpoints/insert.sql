insert into portcullis.checkpoints (position, at, rows, link, key_id, signature)
values ($1, $2, $3, $4, $5, $6)
