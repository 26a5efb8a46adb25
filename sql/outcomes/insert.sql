insert into portcullis.outcomes (
    attempt_id, at, decision, reason, subject, canonical_sql, executed_sql, relations, functions, row_count, byte_count,
    truncated, duration_us, error
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict on constraint outcome_of_an_attempt do nothing
