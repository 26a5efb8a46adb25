-- Keeps how the last self-test of a profile went.
insert into portcullis.self_tests (profile, at, tried, faults)
values ($1, $2, $3, $4)
on conflict (profile) do update
set at = excluded.at, tried = excluded.tried, faults = excluded.faults
