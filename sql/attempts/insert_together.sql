-- As insert.sql, for the attempts of many who ask at once.
with asynchronously as materialized (
    select set_config('synchronous_commit', 'off', true)
)
insert into portcullis.attempts (
    id, at, request_id, person_id, person, profile, token_id, client_id, client, redirect, ip, user_agent, tool,
    arguments, sql
)
select attempt.*
from asynchronously
cross join unnest(
    $1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::text[],
    $10::text[], $11::inet[], $12::text[], $13::text[], $14::jsonb[], $15::text[]
) as attempt
on conflict on constraint attempts_key do nothing
