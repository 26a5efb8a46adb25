insert into portcullis.seals (position, at, relation, horizon, snapshot, rows, ids, digests, oldest, newest, link)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
