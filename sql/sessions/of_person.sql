select
    id,
    signed_in_at as "signed_in_at!",
    seen_at,
    ip,
    user_agent
from portcullis.sessions
where person_id = $1
  and ended_at is null
  and signed_in_at is not null
  and seen_at > $2
  and began_at > $3
order by seen_at desc
limit 100
