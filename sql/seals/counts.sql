-- How many rows are between the two.
select
    (select count(*) from portcullis.attempts where id >= $1 and id < $2) as "attempts!",
    (select count(*) from portcullis.outcomes where attempt_id >= $1 and attempt_id < $2) as "outcomes!",
    (select count(*) from portcullis.denials where id >= $1 and id < $2) as "denials!",
    (select count(*) from portcullis.events where id >= $1 and id < $2) as "events!"
