-- How far the sealer has come, the last checkpoint, and what was last found.
select
    (select sealed_to from portcullis.sealing) as sealed_to,
    (select rows from portcullis.seals order by position desc limit 1) as rows,
    checkpoint.at as "checkpoint_at?",
    checkpoint.rows as "checkpoint_rows?",
    checkpoint.key_id as "key_id?",
    verified.at as "verified_at?",
    verified.detail as "verified?"
from (select) as nothing
left join lateral (
    select at, rows, key_id
    from portcullis.checkpoints
    order by position desc
    limit 1
) checkpoint on true
left join lateral (
    select at, detail
    from portcullis.events
    where kind = 'record_verified'
    order by id desc
    limit 1
) verified on true
