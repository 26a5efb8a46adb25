-- An outcome came after all: the call is taken out, and out of the sums, to be added anew.
with late as (
    delete from portcullis.calls c
    using portcullis.outcomes o
    where c.decision = 'unfinished'
        and c.id > $1
        and o.attempt_id = c.id
    returning c.at, date_trunc('hour', c.at, 'UTC') as hour, c.person_id, c.profile
),
usage as (
    update portcullis.usage_by_hour sums
    set calls = sums.calls - gone.calls
    from (select hour, person_id, profile, count(*) as calls from late group by hour, person_id, profile) gone
    where sums.decision = 'unfinished'
        and (sums.hour, sums.person_id, sums.profile) = (gone.hour, gone.person_id, gone.profile)
)
select min(at)
from late
