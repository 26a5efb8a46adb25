select profile
from portcullis.assignments
where person_id = $1
  and ended_at is null
order by profile
