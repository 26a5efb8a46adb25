-- The same from the calls themselves: since a moment within the last hour.
select reason as "name!", count(*) as "calls!", count(*) as "failed!"
from portcullis.calls
where id > $1
    and reason is not null
group by reason
order by 2 desc, 1
limit $2
