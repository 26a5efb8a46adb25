insert into portcullis.recovery_codes (person_id, hash, created_at)
select $1, hash, $3
from unnest($2::bytea[]) as hash
