-- Within a transaction, nobody else changes them until it ends.
select attributes
from portcullis.people
where id = $1
for update
