-- One page of people by name: those that come after a name, whose name or address has the words in it.
select
    person.id,
    person.username,
    person.email,
    person.display_name,
    person.active,
    person.staff,
    person.auditor,
    person.admin,
    person.time_zone,
    exists (
        select
        from portcullis.factors as factor
        where factor.person_id = person.id
    ) as "has_factor!",
    array(
        select assignment.profile
        from portcullis.assignments as assignment
        where assignment.person_id = person.id
          and assignment.ended_at is null
        order by assignment.profile
    ) as "profiles!",
    (
        select max(session.seen_at)
        from portcullis.sessions as session
        where session.person_id = person.id
          and session.ended_at is null
          and session.signed_in_at is not null
    ) as "seen_at?",
    exists (
        select
        from portcullis.pauses as pause
        where pause.kind = 'person'
          and pause.key = person.id::text
          and pause.ended_at is null
    ) as "is_paused!"
from portcullis.people as person
where person.username > $1
  and (
      position($2 in person.username) > 0
      or position($2 in person.email) > 0
      or position($2 in lower(person.display_name)) > 0
  )
  and ($3::boolean is null or person.active = $3)
order by person.username
limit $4
