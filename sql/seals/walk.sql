-- The seals after $1 and up to $2, in their order.
select position, at, relation, horizon, snapshot, rows, ids, digests, link
from portcullis.seals
where position > $1 and position <= $2
order by position
limit $3
