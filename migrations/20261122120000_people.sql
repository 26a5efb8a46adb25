-- People, the profiles they hold, the programs that speak for them, and the bearer tokens those carry.

create schema if not exists portcullis;

create table portcullis.people (
    id            uuid        not null,
    username      text        not null,
    email         text        not null,
    display_name  text        not null,
    password_hash text,
    active        boolean     not null default true,
    staff         boolean     not null default false,
    admin         boolean     not null default false,
    created_at    timestamptz not null,
    constraint people_key primary key (id),
    constraint username_is_taken unique (username),
    constraint username_is_plain check (username ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
    constraint email_is_lower_case check (email = lower(email) and email like '%_@_%' and length(email) <= 254)
);

comment on column portcullis.people.password_hash is 'argon2id, PHC string; null where no password was ever set';

-- Which profile a person may use. Ending an assignment keeps the row: who held what, and when, is part of the record.
create table portcullis.assignments (
    id          uuid        not null,
    person_id   uuid        not null,
    profile     text        not null,
    assigned_by text        not null,
    assigned_at timestamptz not null,
    ended_by    text,
    ended_at    timestamptz,
    constraint assignments_key primary key (id),
    constraint assignment_belongs_to_a_person foreign key (person_id) references portcullis.people (id),
    constraint assignment_ends_by_someone check ((ended_by is null) = (ended_at is null))
);

create unique index assignment_is_held_once
    on portcullis.assignments (person_id, profile)
    where ended_at is null;

create table portcullis.clients (
    id            uuid        not null,
    kind          text        not null,
    name          text        not null,
    redirect_uris text[]      not null default '{}',
    disabled_at   timestamptz,
    created_at    timestamptz not null,
    constraint clients_key primary key (id),
    constraint client_kind_is_known check (kind in ('command_line', 'registered', 'dynamic', 'metadata_document'))
);

-- Tokens issued by `portcullis token issue` belong to this client, so that it can be disabled like any other.
insert into portcullis.clients (id, kind, name, created_at)
values ('00000000-0000-0000-0000-000000000001', 'command_line', 'command line', now());

create table portcullis.tokens (
    id         uuid        not null,
    hash       bytea       not null,
    person_id  uuid        not null,
    client_id  uuid        not null,
    profile    text        not null,
    scope      text        not null,
    audience   text        not null,
    issued_by  text        not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    revoked_by text,
    revoked_at timestamptz,
    constraint tokens_key primary key (id),
    constraint token_hash_is_unique unique (hash),
    constraint token_hash_is_sha256 check (length(hash) = 32),
    constraint token_belongs_to_a_person foreign key (person_id) references portcullis.people (id),
    constraint token_belongs_to_a_client foreign key (client_id) references portcullis.clients (id),
    constraint token_expires_after_issue check (expires_at > issued_at),
    constraint token_is_revoked_by_someone check ((revoked_by is null) = (revoked_at is null))
);

create index tokens_of_a_person
    on portcullis.tokens (person_id, issued_at desc);

comment on column portcullis.tokens.hash is 'SHA-256 of the whole bearer token; the token itself is never stored';
