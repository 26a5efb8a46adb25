-- Who has reached so many calls of a kind since then. Only people of the running hour are looked at: nobody else has had
-- another call since they were looked at last.
select
    person.id as person_id,
    person.username as person,
    sum(usage.calls)::bigint as "calls!"
from portcullis.usage_by_hour as usage
join portcullis.people as person on person.id = usage.person_id
where usage.hour >= $1
  and usage.decision = $3
  and usage.person_id in (
      select lately.person_id
      from portcullis.usage_by_hour as lately
      where lately.hour >= $2
        and lately.decision = $3
  )
group by person.id
having sum(usage.calls) >= $4::bigint
