select id, username, email, display_name, active, staff, auditor, admin, time_zone
from portcullis.people
where id = $1
