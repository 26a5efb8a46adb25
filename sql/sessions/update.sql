-- A session that was ended stays so.
update portcullis.sessions
set signed_in_at = $2,
    proven_at = $3,
    next = $4,
    enrolment_key = $5,
    enrolment = $6
where hash = $1
  and ended_at is null
