-- What was asked with a token since a moment, and what became of it; an attempt without an outcome has none.
select attempts.tool, outcomes.decision, outcomes.reason
from portcullis.attempts
left join portcullis.outcomes on outcomes.attempt_id = attempts.id
where attempts.at >= $2
    and attempts.token_id = $1
order by attempts.at, attempts.id
