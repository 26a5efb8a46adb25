select key_id, secret
from portcullis.factors
where person_id = $1
