-- Everything that the record holds of these attempts, newest first, up to $2 bytes of text and always one.
select
    id as "id!", at as "at!", request_id as "request_id!", person_id as "person_id!", person as "person!",
    profile as "profile!", token_id as "token_id!", client_id as "client_id!", client as "client!", redirect,
    host(ip) as ip, user_agent, tool as "tool!", arguments as "arguments!", sql, ended_at as "ended_at?",
    decision as "decision?", reason, subject, canonical_sql, executed_sql, relations as "relations?",
    functions as "functions?", row_count as "row_count?", byte_count as "byte_count?", truncated as "truncated?",
    duration_us as "duration_us?", error
from (
    select
        a.*, o.at as ended_at, o.decision, o.reason, o.subject, o.canonical_sql, o.executed_sql, o.relations, o.functions,
        o.row_count, o.byte_count, o.truncated, o.duration_us, o.error,
        sum(
            octet_length(coalesce(a.sql, '')) + octet_length(coalesce(o.canonical_sql, ''))
            + octet_length(coalesce(o.executed_sql, '')) + octet_length(a.client) + pg_column_size(a.arguments)
        ) over (order by a.id desc) as bytes,
        row_number() over (order by a.id desc) as place
    from portcullis.attempts a
    left join portcullis.outcomes o on o.attempt_id = a.id
    where a.id = any ($1)
) call
where place = 1 or bytes <= $2
order by id desc
