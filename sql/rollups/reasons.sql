-- Why calls were refused or failed since an hour, the most frequent reason first.
select reason as "name!", sum(calls)::bigint as "calls!", sum(calls)::bigint as "failed!"
from portcullis.reasons_by_hour
where hour >= $1
group by reason
order by 2 desc, 1
limit $2
