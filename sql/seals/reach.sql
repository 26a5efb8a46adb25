-- Where the $3rd row between the two is, in the table that has it first; nothing where all have fewer.
select least(
    (select id from portcullis.attempts where id >= $1 and id < $2 order by id offset $3 limit 1),
    (select attempt_id from portcullis.outcomes where attempt_id >= $1 and attempt_id < $2 order by attempt_id offset $3 limit 1),
    (select id from portcullis.denials where id >= $1 and id < $2 order by id offset $3 limit 1),
    (select id from portcullis.events where id >= $1 and id < $2 order by id offset $3 limit 1)
) as id
