insert into portcullis.indexing (horizon, sweep_at, checked_at, swept_at, denials_to)
values ($1, $2, $3, $4, $5)
on conflict on constraint indexing_key do update
set
    horizon = excluded.horizon,
    sweep_at = excluded.sweep_at,
    checked_at = excluded.checked_at,
    swept_at = excluded.swept_at,
    denials_to = excluded.denials_to
