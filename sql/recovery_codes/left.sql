select count(*) as "left!"
from portcullis.recovery_codes
where person_id = $1
  and used_at is null
