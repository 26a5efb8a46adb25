-- A client from the configuration or from a metadata document: made known, or brought up to date.
insert into portcullis.clients (
    id, kind, identifier, name, redirect_uris, redirect_match, registered_by, created_at, fresh_until
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict on constraint client_id_is_taken do update
set kind = excluded.kind,
    name = excluded.name,
    redirect_uris = excluded.redirect_uris,
    redirect_match = excluded.redirect_match,
    registered_by = excluded.registered_by,
    fresh_until = excluded.fresh_until
returning
    id,
    kind,
    identifier,
    name,
    redirect_uris,
    redirect_match,
    registered_by,
    registered_from,
    created_at,
    disabled_at,
    fresh_until,
    used_at
