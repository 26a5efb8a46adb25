insert into portcullis.places (person_id, network, last_at)
values ($1, $2, $3)
on conflict (person_id, network) do update
set last_at = $3
