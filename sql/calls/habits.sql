-- Through which clients and profiles a person asked, for what, and what they were refused for, among up to $3 of their
-- calls after one; $2 finds them.
with theirs as materialized (
    select client, profile, relations, reason
    from portcullis.calls
    where terms @@ $2::text::tsquery
        and person_id = $1
        and id > $4
    limit $3
)
select kind as "kind!", name as "name!", count(*) as "calls!"
from theirs,
lateral (
    values ('client', client), ('profile', profile), ('reason', reason)
    union all
    select 'relation', relation
    from unnest(relations) relation
) habit (kind, name)
where name is not null
group by kind, name
order by kind, 3 desc, name
