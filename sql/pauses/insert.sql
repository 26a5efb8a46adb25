insert into portcullis.pauses (id, kind, key, subject, began_at, began_by)
values ($1, $2, $3, $4, $5, $6)
on conflict (kind, key) where ended_at is null do nothing
returning id
