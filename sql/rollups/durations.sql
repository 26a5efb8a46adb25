-- How long calls since an hour took.
select step as "step!", sum(calls)::bigint as "calls!"
from portcullis.durations_by_hour
where hour >= $1
group by step
order by step
