-- Every fact that decides about a bearer, in one statement: it is asked again on each request.
select
    token.id as token_id,
    token.profile,
    token.scope,
    token.audience,
    token.expires_at,
    token.revoked_at,
    person.id as person_id,
    person.username,
    person.email,
    person.active,
    person.staff,
    client.id as client_id,
    client.name as client,
    client.disabled_at as client_disabled_at,
    exists (
        select
        from portcullis.assignments as assignment
        where assignment.person_id = token.person_id
          and assignment.profile = token.profile
          and assignment.ended_at is null
    ) as "profile_is_assigned!"
from portcullis.tokens as token
join portcullis.people as person on person.id = token.person_id
join portcullis.clients as client on client.id = token.client_id
where token.hash = $1
