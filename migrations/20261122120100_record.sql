-- The record: what was asked, what became of it, who was turned away, and what was changed. Rows are only ever added.
--
-- No foreign keys lead out of the record: it must stand alone when a person or a client is long gone, and checking a
-- key would lock, and so write to, a row of the person who asks.

create table portcullis.attempts (
    id         uuid        not null,
    at         timestamptz not null,
    request_id uuid        not null,
    person_id  uuid        not null,
    person     text        not null,
    profile    text        not null,
    token_id   uuid        not null,
    client_id  uuid        not null,
    client     text        not null,
    redirect   text,
    ip         inet,
    user_agent text,
    tool       text        not null,
    arguments  jsonb       not null,
    sql        text,
    constraint attempts_key primary key (id)
);

create table portcullis.outcomes (
    attempt_id    uuid        not null,
    at            timestamptz not null,
    decision      text        not null,
    reason        text,
    subject       text,
    canonical_sql text,
    executed_sql  text,
    relations     text[]      not null,
    functions     text[]      not null,
    row_count     bigint      not null,
    byte_count    bigint      not null,
    truncated     boolean     not null,
    duration_us   bigint      not null,
    error         text,
    constraint outcome_of_an_attempt primary key (attempt_id),
    constraint decision_is_known check (decision in ('allowed', 'refused', 'failed')),
    constraint reason_is_given_unless_allowed check ((decision = 'allowed') = (reason is null))
);

create table portcullis.denials (
    id         uuid        not null,
    at         timestamptz not null,
    request_id uuid        not null,
    reason     text        not null,
    person_id  uuid        not null,
    person     text        not null,
    profile    text        not null,
    token_id   uuid        not null,
    client_id  uuid        not null,
    client     text        not null,
    ip         inet,
    user_agent text,
    constraint denials_key primary key (id)
);

create table portcullis.events (
    id        uuid        not null,
    at        timestamptz not null,
    kind      text        not null,
    actor     text        not null,
    person_id uuid,
    subject   text        not null,
    detail    jsonb       not null,
    constraint events_key primary key (id)
);

create index attempts_by_time on portcullis.attempts (at desc, id desc);
create index denials_by_time on portcullis.denials (at desc, id desc);
create index events_by_time on portcullis.events (at desc, id desc);

create function portcullis.refuse_to_change_the_record()
returns trigger
language plpgsql
as $$
begin
    raise exception 'the record is append-only: % on %.% is not possible', lower(tg_op), tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create trigger attempts_are_append_only
    before update or delete or truncate on portcullis.attempts
    for each statement execute function portcullis.refuse_to_change_the_record();

create trigger outcomes_are_append_only
    before update or delete or truncate on portcullis.outcomes
    for each statement execute function portcullis.refuse_to_change_the_record();

create trigger denials_are_append_only
    before update or delete or truncate on portcullis.denials
    for each statement execute function portcullis.refuse_to_change_the_record();

create trigger events_are_append_only
    before update or delete or truncate on portcullis.events
    for each statement execute function portcullis.refuse_to_change_the_record();
