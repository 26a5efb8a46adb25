-- What decides about a person who reads through a client, before there is a token.
select
    person.username,
    person.active,
    person.staff,
    client.kind as client_kind,
    client.identifier as client_identifier,
    client.name as client,
    client.disabled_at is not null as "client_is_disabled!",
    array(
        select assignment.profile
        from portcullis.assignments as assignment
        where assignment.person_id = person.id
          and assignment.ended_at is null
        order by assignment.profile
    ) as "held!",
    exists (
        select
        from portcullis.factors as factor
        where factor.person_id = person.id
    ) as "is_enrolled!",
    exists (
        select
        from portcullis.sessions as session
        where session.person_id = person.id
          and session.ended_at is null
          and session.signed_in_at is not null
          and session.seen_at > $3
          and session.began_at > $4
    ) as "has_session!",
    exists (
        select
        from portcullis.pauses as pause
        where pause.ended_at is null
          and (pause.kind, pause.key) in (
              ('everything', ''),
              ('person', person.id::text),
              ('client', client.id::text)
          )
    ) as "is_paused!"
from portcullis.people as person
cross join portcullis.clients as client
where person.id = $1
  and client.id = $2
