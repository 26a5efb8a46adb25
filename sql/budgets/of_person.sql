select profile, seconds, began_at, calls, row_count, byte_count
from portcullis.budget_use
where person_id = $1
