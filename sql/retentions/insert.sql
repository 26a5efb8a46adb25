insert into portcullis.retentions (id, at, actor, since, until, rows, key_id, signature)
values ($1, $2, $3, $4, $5, $6, $7, $8)
