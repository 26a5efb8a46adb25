select id
from portcullis.grants
where code_hash = $1
