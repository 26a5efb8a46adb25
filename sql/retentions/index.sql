-- What is looked up goes with what it was derived from, $3 calls at once. The sums stay.
with gone as (
    delete from portcullis.calls
    where id in (
        select id
        from portcullis.calls
        where id >= $1 and id < $2
        order by id
        limit $3
    )
    returning id
)
select count(*) as "gone!"
from gone
