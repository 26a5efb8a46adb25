-- Enrolling twice at once gives one factor: the first.
insert into portcullis.factors (person_id, key_id, secret, last_step, confirmed_at)
values ($1, $2, $3, $4, $5)
on conflict (person_id) do nothing
