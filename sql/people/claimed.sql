-- Everything that a password is judged by, in one statement, whether there is such a person or not.
select
    person.id,
    person.username,
    person.email,
    person.display_name,
    person.password_hash,
    person.active,
    person.staff,
    person.auditor,
    person.admin,
    person.time_zone,
    exists (
        select
        from portcullis.places as place
        where place.person_id = person.id
          and place.network = $2
          and place.last_at > $3
    ) as "is_known_place!"
from portcullis.people as person
where person.username = $1
