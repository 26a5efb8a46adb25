-- Whether somebody else can administer. The rows are held, so that two administrators cannot both leave at once.
with others as materialized (
    select id
    from portcullis.people
    where admin
      and active
    order by id
    for no key update
)
select exists (
    select
    from others
    where id <> $1
) as "exists!"
