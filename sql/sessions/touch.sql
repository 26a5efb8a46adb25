-- The session of a cookie, if it lives; being asked for keeps it alive. A person who is no longer active has none.
update portcullis.sessions as session
set seen_at = $2
from portcullis.people as person
where session.hash = $1
  and session.ended_at is null
  and session.seen_at > $3
  and session.began_at > $4
  and (session.signed_in_at is not null or session.began_at > $5)
  and person.id = session.person_id
  and person.active
returning
    session.id,
    session.person_id,
    session.began_at,
    session.signed_in_at,
    session.proven_at,
    session.next,
    session.enrolment_key,
    session.enrolment,
    session.ip,
    session.user_agent
