select id, username, email, display_name, active, staff, admin
from portcullis.people
where id = $1
