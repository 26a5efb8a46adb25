-- The same from the calls themselves: since a moment within the last hour.
select floor(8 * ln(greatest(duration_us, 1)::float8) / ln(2::float8))::smallint as "step!", count(*) as "calls!"
from portcullis.calls
where id > $1
    and decision <> 'unfinished'
group by 1
order by 1
