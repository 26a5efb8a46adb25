-- Counted no further than a page shows it.
select count(*) as "count!"
from (
    select
    from portcullis.alerts
    where acknowledged_at is null
    limit 100
) as open
