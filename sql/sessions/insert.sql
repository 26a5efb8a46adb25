insert into portcullis.sessions (
    id, hash, person_id, began_at, seen_at, signed_in_at, proven_at, next, enrolment_key, enrolment, ip, user_agent
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
