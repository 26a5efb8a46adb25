insert into portcullis.clients (
    id, kind, identifier, name, redirect_uris, redirect_match, registered_by, registered_from, created_at, fingerprint
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
