-- Sums up the denials between the two, whole hours, anew.
insert into portcullis.denials_by_hour (hour, person_id, reason, denials)
select date_trunc('hour', at, 'UTC') as hour, person_id, reason, count(*)
from portcullis.denials
where at >= $1
    and at < $2
group by hour, person_id, reason
on conflict on constraint denials_by_hour_key do update
set denials = excluded.denials
