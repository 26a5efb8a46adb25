-- What the console looks things up in: an index over the record, and sums of it by the hour. The record itself is only
-- ever added to and gets no further index; all of this is derived from it in the background. All of it together may be
-- emptied at any time, and fills itself again.

-- One row for each call that came to an end. The identifier is that of the attempt and sorts by time (UUIDv7).
create table portcullis.calls (
    id          uuid        not null,
    at          timestamptz not null,
    person_id   uuid        not null,
    person      text        not null,
    profile     text        not null,
    client_id   uuid        not null,
    client      text        not null,
    tool        text        not null,
    decision    text        not null,
    reason      text,
    relations   text[]      not null,
    row_count   bigint      not null,
    byte_count  bigint      not null,
    duration_us bigint      not null,
    terms       tsvector    not null,
    constraint calls_key primary key (id)
);

-- Every new row changes the same few pages of this index, those of the present stretch of time; a list of rows yet to be
-- sorted in would have to be read through by each search.
create index calls_by_term on portcullis.calls using gin (terms) with (fastupdate = off);
create index calls_without_an_outcome on portcullis.calls (id) where decision = 'unfinished';

comment on column portcullis.calls.decision is 'as in the outcome, or unfinished where none came in time';
comment on column portcullis.calls.terms is
    'what it can be found by, each after the number of its stretch of time: the words of the statement and every other filter';

-- Attempts that were passed by while they were still without an outcome.
create table portcullis.open_calls (
    id uuid        not null,
    at timestamptz not null,
    constraint open_calls_key primary key (id)
);

-- Sums by the hour, each added to in the very statement that adds to the calls, so that nothing counts twice.
create table portcullis.usage_by_hour (
    hour       timestamptz not null,
    person_id  uuid        not null,
    profile    text        not null,
    decision   text        not null,
    calls      bigint      not null,
    row_count  bigint      not null,
    byte_count bigint      not null,
    constraint usage_by_hour_key primary key (hour, person_id, profile, decision)
);

create table portcullis.reasons_by_hour (
    hour   timestamptz not null,
    reason text        not null,
    calls  bigint      not null,
    constraint reasons_by_hour_key primary key (hour, reason)
);

create table portcullis.relations_by_hour (
    hour     timestamptz not null,
    relation text        not null,
    decision text        not null,
    calls    bigint      not null,
    constraint relations_by_hour_key primary key (hour, relation, decision)
);

-- How long calls took: each step is an eighth of a doubling, so that percentiles of any time are sums, right to 9 %.
create table portcullis.durations_by_hour (
    hour  timestamptz not null,
    step  smallint    not null,
    calls bigint      not null,
    constraint durations_by_hour_key primary key (hour, step)
);

create table portcullis.denials_by_hour (
    hour      timestamptz not null,
    person_id uuid        not null,
    reason    text        not null,
    denials   bigint      not null,
    constraint denials_by_hour_key primary key (hour, person_id, reason)
);

-- How far the record was worked through.
create table portcullis.indexing (
    only_row   boolean     not null default true,
    horizon    timestamptz not null,
    sweep_at   timestamptz,
    checked_at timestamptz not null,
    swept_at   timestamptz not null,
    denials_to timestamptz not null,
    constraint indexing_key primary key (only_row),
    constraint indexing_has_one_row check (only_row)
);

comment on column portcullis.indexing.horizon is 'attempts before it are worked through, but for those that came late';
comment on column portcullis.indexing.sweep_at is 'how far those that came late were looked for; null while nobody looks';
comment on column portcullis.indexing.checked_at is 'when looking through the last minutes again began';
comment on column portcullis.indexing.swept_at is 'when looking through the last day again began';
comment on column portcullis.indexing.denials_to is 'denials are summed up to this hour';

-- Denials and events are few beside the calls, and are read where they are.
create index denials_of_a_person on portcullis.denials (person_id, id);
create index events_of_a_person on portcullis.events (person_id, id) where person_id is not null;
