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
    factor.person_id is not null as "has_factor!",
    coalesce(
        array_agg(assignment.profile order by assignment.profile) filter (where assignment.profile is not null),
        '{}'
    ) as "profiles!"
from portcullis.people as person
left join portcullis.factors as factor on factor.person_id = person.id
left join portcullis.assignments as assignment
    on assignment.person_id = person.id
    and assignment.ended_at is null
group by person.id, factor.person_id
order by person.username
