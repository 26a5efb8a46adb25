insert into portcullis.events (id, at, kind, actor, person_id, subject, detail)
values ($1, $2, $3, $4, $5, $6, $7)
