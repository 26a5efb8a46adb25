-- Since when a person is known, and since when they have a second factor.
select
    person.created_at,
    factor.confirmed_at as "enrolled_at?"
from portcullis.people as person
left join portcullis.factors as factor on factor.person_id = person.id
where person.id = $1
