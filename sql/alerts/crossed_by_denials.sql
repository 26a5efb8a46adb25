-- Who was turned away so often since then: by the sums as far as they go, and one by one from there on.
select
    person.id as person_id,
    person.username as person,
    sum(counted.denials)::bigint as "calls!"
from (
    select summed.person_id, summed.denials
    from portcullis.denials_by_hour as summed
    where summed.hour >= $1
      and summed.hour < (select denials_to from portcullis.indexing)
    union all
    select single.person_id, 1
    from portcullis.denials as single
    where single.at >= greatest($1, (select denials_to from portcullis.indexing))
) as counted
join portcullis.people as person on person.id = counted.person_id
group by person.id
having sum(counted.denials) >= $2::bigint
