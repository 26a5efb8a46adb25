select distinct key_id
from portcullis.factors
