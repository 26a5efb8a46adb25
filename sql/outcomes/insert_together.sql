-- As insert.sql, for the outcomes of many who wait at once. Lists come as the text of a list: an array of arrays would
-- need all of them to be equally long.
insert into portcullis.outcomes (
    attempt_id, at, decision, reason, subject, canonical_sql, executed_sql, relations, functions, row_count, byte_count,
    truncated, duration_us, error
)
select
    outcome.attempt_id, outcome.at, outcome.decision, outcome.reason, outcome.subject, outcome.canonical_sql,
    outcome.executed_sql, outcome.relations::text[], outcome.functions::text[], outcome.row_count, outcome.byte_count,
    outcome.truncated, outcome.duration_us, outcome.error
from unnest(
    $1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::bigint[], $12::boolean[], $13::bigint[], $14::text[]
) as outcome (
    attempt_id, at, decision, reason, subject, canonical_sql, executed_sql, relations, functions, row_count, byte_count,
    truncated, duration_us, error
)
on conflict on constraint outcome_of_an_attempt do nothing
