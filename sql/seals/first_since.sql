-- The first seal that lists a row from this identifier on.
select min(position) as position
from portcullis.seals
where newest >= $1
