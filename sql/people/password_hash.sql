select password_hash
from portcullis.people
where id = $1
