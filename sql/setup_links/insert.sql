insert into portcullis.setup_links (hash, created_at, expires_at)
values ($1, $2, $3)
