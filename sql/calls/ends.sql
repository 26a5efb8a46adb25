-- The oldest and the newest call.
select
    (select id from portcullis.calls order by id limit 1) as oldest,
    (select id from portcullis.calls order by id desc limit 1) as newest
