-- Looks through up to $3 denials between the two, newest first, and stops at $4 that fit.
select
    id as "id!", at as "at!", request_id as "request_id!", reason as "reason!", person_id as "person_id!",
    person as "person!", profile, token_id, client_id as "client_id!", client as "client!", host(ip) as ip, user_agent
from (
    select *
    from portcullis.denials
    where id > $1 and id < $2
        and ($5::uuid is null or person_id = $5)
    order by id desc
    limit $3
) looked
where ($6::text is null or reason = $6)
    and ($7::uuid is null or client_id = $7)
    and ($8::text is null or client = $8)
    and ($9::text is null or profile = $9)
order by id desc
limit $4
