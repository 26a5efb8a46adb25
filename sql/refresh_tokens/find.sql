select grant_id, expires_at, rotated_at, salt
from portcullis.refresh_tokens
where hash = $1
