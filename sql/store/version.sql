-- Which migrations the store has seen; none where the table is missing.
select version
from portcullis.migrations
where success
order by version
