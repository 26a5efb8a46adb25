-- Which of these terms more than one in ten of the calls hold that come first between the two, newest first.
select term as "term!"
from unnest($3::text[], $4::text[]) asked (term, query)
where (
    select count(*) filter (where looked.terms @@ asked.query::tsquery) * 10 > count(*)
    from (select terms from portcullis.calls where id > $1 and id < $2 order by id desc limit 500) looked
)
