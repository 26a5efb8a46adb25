-- How people are called.
select id, username, display_name, active
from portcullis.people
where id = any ($1)
