-- An occasion is told once, whichever instance notices it first.
insert into portcullis.alerts (id, at, kind, occasion, person_id, subject, detail)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict on constraint occasion_is_told_once do nothing
returning id
