insert into portcullis.sealing (sealed_to)
values ($1)
on conflict on constraint sealing_key do update
set sealed_to = excluded.sealed_to
