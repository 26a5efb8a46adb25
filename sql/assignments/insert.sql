insert into portcullis.assignments (id, person_id, profile, assigned_by, assigned_at)
values ($1, $2, $3, $4, $5)
on conflict (person_id, profile) where ended_at is null do nothing
