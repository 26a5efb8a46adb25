select id, email, display_name, active, staff, admin
from portcullis.people
where username = $1
