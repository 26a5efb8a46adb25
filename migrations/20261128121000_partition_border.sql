-- The record is kept by the month, 1 of 3: which rows were there before. Identifiers sort by time, so they tell the month,
-- and a row is found by its identifier in one partition alone. New rows are held to the border from here on; the next step
-- looks through the old ones while calls go on, and the last one then needs no look.

create function portcullis.first_id_at(at timestamptz)
returns uuid
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid $$;

comment on function portcullis.first_id_at(timestamptz) is 'the first identifier (UUIDv7) of a millisecond';

do $$
declare
    -- A day is more than enough for all three steps.
    month constant timestamp := date_trunc('month', (now() + interval '1 day') at time zone 'UTC') + interval '1 month';
    border constant uuid := portcullis.first_id_at(month at time zone 'UTC');
begin
    execute format('alter table portcullis.attempts add constraint before check (id < %L) not valid', border);
    execute format('alter table portcullis.outcomes add constraint before check (attempt_id < %L) not valid', border);
    execute format('alter table portcullis.denials add constraint before check (id < %L) not valid', border);
    execute format('alter table portcullis.events add constraint before check (id < %L) not valid', border);
end
$$;
