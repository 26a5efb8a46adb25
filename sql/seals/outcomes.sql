select
    attempt_id, at, decision, reason, subject, canonical_sql, executed_sql, relations, functions, row_count, byte_count,
    truncated, duration_us, error
from portcullis.outcomes
where attempt_id = any ($1)
