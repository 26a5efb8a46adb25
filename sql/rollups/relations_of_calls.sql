-- The same from the calls themselves: since a moment within the last hour.
select relation as "name!", count(*) as "calls!", count(*) filter (where decision <> 'allowed') as "failed!"
from portcullis.calls, unnest(relations) relation
where id > $1
group by relation
order by 2 desc, 1
limit $2
