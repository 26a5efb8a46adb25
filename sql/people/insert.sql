insert into portcullis.people (
    id, username, email, display_name, password_hash, staff, auditor, admin, created_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
