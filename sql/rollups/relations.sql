-- What was read most since an hour.
select
    relation as "name!", sum(calls)::bigint as "calls!",
    coalesce(sum(calls) filter (where decision <> 'allowed'), 0)::bigint as "failed!"
from portcullis.relations_by_hour
where hour >= $1
group by relation
order by 2 desc, 1
limit $2
