-- A token is named by its id, or by the token itself where only that was found (a leaked one, say).
select id, client_id, grant_id
from portcullis.tokens
where id = $1
   or hash = $2
