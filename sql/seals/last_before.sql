-- The last seal that lists a row before this identifier.
select max(position) as position
from portcullis.seals
where oldest < $1
