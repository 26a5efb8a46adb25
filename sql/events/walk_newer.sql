-- Looks through up to $3 events between the two, oldest first, and stops at $4 that fit.
select
    id as "id!", at as "at!", kind as "kind!", actor as "actor!", person_id, person as "person?", subject as "subject!",
    detail as "detail!"
from (
    select e.*, p.username as person
    from (
        select *
        from portcullis.events
        where id > $1 and id < $2
            and ($5::uuid is null or person_id = $5)
        order by id asc
        limit $3
    ) e
    left join portcullis.people p on p.id = e.person_id
) looked
where ($6::text is null or kind = $6)
    and ($7::text is null or actor = $7)
order by id asc
limit $4
