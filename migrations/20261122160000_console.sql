-- What the console needs: who may look into the record, the clock that a person reads by, a client for what is tried out
-- there, and alerts.

alter table portcullis.people
    add column auditor   boolean not null default false,
    add column time_zone text    not null default 'UTC';

comment on column portcullis.people.auditor is 'reads the record of everybody, and changes nothing';
comment on column portcullis.people.time_zone is 'IANA name of the zone in which pages show moments';

alter table portcullis.clients
    drop constraint client_kind_is_known,
    add constraint client_kind_is_known
        check (kind in ('command_line', 'console', 'configured', 'registered', 'dynamic', 'metadata_document'));

-- What an administrator runs on the page for trying out belongs to this client, so that it can be disabled like any other.
insert into portcullis.clients (id, kind, identifier, name, created_at, used_at)
values (
    '00000000-0000-0000-0000-000000000002', 'console', '00000000-0000-0000-0000-000000000002', 'console', now(), now()
);

create index living_tokens_of_a_client on portcullis.tokens (client_id, expires_at) where revoked_at is null;
create index assignments_of_a_profile on portcullis.assignments (profile) where ended_at is null;

-- Something that an operator should look at. An occasion gives rise to one alert, whichever instance notices it first.
create table portcullis.alerts (
    id              uuid        not null,
    at              timestamptz not null,
    kind            text        not null,
    occasion        text        not null,
    person_id       uuid,
    subject         text        not null,
    detail          jsonb       not null,
    acknowledged_by text,
    acknowledged_at timestamptz,
    constraint alerts_key primary key (id),
    constraint occasion_is_told_once unique (occasion),
    constraint alert_is_acknowledged_by_someone check ((acknowledged_by is null) = (acknowledged_at is null))
);

create index open_alerts on portcullis.alerts (id desc) where acknowledged_at is null;
create index acknowledged_alerts on portcullis.alerts (acknowledged_at desc) where acknowledged_at is not null;
create index clients_by_time on portcullis.clients (created_at desc, id desc);
