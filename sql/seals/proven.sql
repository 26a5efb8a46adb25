-- The latest moment of a seal at which all transactions that had begun are over now.
select at
from portcullis.seals
where snapshot <= $1
order by position desc
limit 1
