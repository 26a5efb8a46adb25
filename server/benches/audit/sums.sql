-- Sums lie by the hour, as they do in a store that grew hour by hour.
insert into portcullis.usage_by_hour
select date_trunc('hour', at, 'UTC'), person_id, profile, decision, count(*), sum(row_count), sum(byte_count)
from portcullis.calls
group by 1, 2, 3, 4
order by 1;
insert into portcullis.reasons_by_hour
select date_trunc('hour', at, 'UTC'), reason, count(*)
from portcullis.calls
where reason is not null
group by 1, 2
order by 1;
insert into portcullis.relations_by_hour
select date_trunc('hour', at, 'UTC'), relation, decision, count(*)
from portcullis.calls, unnest(relations) relation
group by 1, 2, 3
order by 1;
insert into portcullis.durations_by_hour
select date_trunc('hour', at, 'UTC'), floor(8 * ln(greatest(duration_us, 1)::float8) / ln(2::float8))::smallint, count(*)
from portcullis.calls
group by 1, 2
order by 1;
insert into portcullis.denials (id, at, request_id, reason, person_id, person, client_id, client)
select id, at, id, (array['no_mfa', 'token_revoked', 'no_session'])[1 + n % 3], person_id, person, client_id, client
from bench.calls
where n % 50 = 0;
-- As many events, most of them of everyday kinds.
insert into portcullis.events (id, at, kind, actor, person_id, subject, detail)
select
    id, at,
    case
        when n % 1000 = 0 then 'sign_in_failed'
        else (array['sign_in', 'factor_proven', 'grant_approved', 'token_issued', 'sign_out'])[1 + n / 50 % 5]
    end,
    person, person_id, person, '{"ip": "192.0.2.1"}'
from bench.calls
where n % 50 = 25 or n % 1000 = 0;
insert into portcullis.indexing (horizon, checked_at, swept_at, denials_to)
values (now() - interval '10 s', now(), now(), 'epoch')
