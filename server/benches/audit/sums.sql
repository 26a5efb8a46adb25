insert into portcullis.usage_by_hour
select date_trunc('hour', at, 'UTC'), person_id, profile, decision, count(*), sum(row_count), sum(byte_count)
from portcullis.calls
group by 1, 2, 3, 4;
insert into portcullis.reasons_by_hour
select date_trunc('hour', at, 'UTC'), reason, count(*)
from portcullis.calls
where reason is not null
group by 1, 2;
insert into portcullis.relations_by_hour
select date_trunc('hour', at, 'UTC'), relation, decision, count(*)
from portcullis.calls, unnest(relations) relation
group by 1, 2, 3;
insert into portcullis.durations_by_hour
select date_trunc('hour', at, 'UTC'), floor(8 * ln(greatest(duration_us, 1)::float8) / ln(2::float8))::smallint, count(*)
from portcullis.calls
group by 1, 2;
insert into portcullis.denials (id, at, request_id, reason, person_id, person, client_id, client)
select id, at, id, (array['no_mfa', 'token_revoked', 'no_session'])[1 + n % 3], person_id, person, client_id, client
from bench.calls
where n % 50 = 0;
insert into portcullis.indexing (horizon, checked_at, swept_at, denials_to)
values (now() - interval '10 s', now(), now(), 'epoch')
