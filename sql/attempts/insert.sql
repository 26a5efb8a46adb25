-- The attempt may reach the disk a moment later: its outcome is committed synchronously, and carries it along. The
-- setting ends with this one statement's transaction.
with asynchronously as materialized (
    select set_config('synchronous_commit', 'off', true)
)
insert into portcullis.attempts (
    id, at, request_id, person_id, person, profile, token_id, client_id, client, redirect, ip, user_agent, tool,
    arguments, sql
)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
from asynchronously
on conflict on constraint attempts_key do nothing
