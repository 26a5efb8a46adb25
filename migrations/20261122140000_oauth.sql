-- What an authorization server keeps: who clients are, what people granted them, and counters of bad attempts.

alter table portcullis.clients
    add column identifier      text,
    add column redirect_match  text not null default 'exact',
    add column registered_by   text,
    add column registered_from inet,
    add column fingerprint     bytea,
    add column fresh_until     timestamptz,
    add column used_at         timestamptz,
    add column disabled_by     text,
    add constraint redirect_match_is_known check (redirect_match in ('exact', 'prefix')),
    drop constraint client_kind_is_known,
    add constraint client_kind_is_known
        check (kind in ('command_line', 'configured', 'registered', 'dynamic', 'metadata_document'));

update portcullis.clients
set identifier = id::text,
    used_at = created_at;

alter table portcullis.clients
    alter column identifier set not null,
    add constraint client_id_is_taken unique (identifier);

create index clients_by_fingerprint on portcullis.clients (fingerprint, created_at) where kind = 'dynamic';
create index unused_clients on portcullis.clients (created_at) where kind = 'dynamic' and used_at is null;

comment on column portcullis.clients.identifier is 'the client_id as the client says it';
comment on column portcullis.clients.fingerprint is 'SHA-256 of a dynamic registration, so that the same one is known again';
comment on column portcullis.clients.fresh_until is 'until when a metadata document need not be fetched again';
comment on column portcullis.clients.used_at is 'when a token was last issued to it';

-- A person let a client read through one of their profiles. It begins with a code, and tokens descend from it.
create table portcullis.grants (
    id                uuid        not null,
    person_id         uuid        not null,
    client_id         uuid        not null,
    session_id        uuid,
    profile           text        not null,
    profile_is_chosen boolean     not null,
    scope             text        not null,
    audience          text        not null,
    left_out          text[]      not null,
    redirect_uri      text        not null,
    challenge         text        not null,
    code_hash         bytea       not null,
    approved_at       timestamptz not null,
    code_expires_at   timestamptz not null,
    ends_at           timestamptz not null,
    exchanged_at      timestamptz,
    revoked_by        text,
    revoked_at        timestamptz,
    constraint grants_key primary key (id),
    constraint code_hash_is_unique unique (code_hash),
    constraint code_hash_is_sha256 check (length(code_hash) = 32),
    constraint grant_belongs_to_a_person foreign key (person_id) references portcullis.people (id),
    constraint grant_belongs_to_a_client foreign key (client_id) references portcullis.clients (id),
    constraint grant_ends_after_approval check (ends_at > approved_at),
    constraint grant_is_revoked_by_someone check ((revoked_by is null) = (revoked_at is null))
);

create index grants_of_a_person on portcullis.grants (person_id, approved_at desc);
create index grants_of_a_client on portcullis.grants (client_id);

comment on column portcullis.grants.session_id is 'the session in which it was approved';
comment on column portcullis.grants.profile_is_chosen is 'chosen among several; otherwise it was the only one';
comment on column portcullis.grants.left_out is 'relations of the profile that the person kept back, as schema.name';

alter table portcullis.tokens
    add column grant_id          uuid,
    add column profile_is_chosen boolean not null default true,
    add constraint token_descends_from_a_grant foreign key (grant_id) references portcullis.grants (id);

create index tokens_of_a_grant on portcullis.tokens (grant_id) where grant_id is not null;

create table portcullis.refresh_tokens (
    id         uuid        not null,
    hash       bytea       not null,
    grant_id   uuid        not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    rotated_at timestamptz,
    salt       bytea,
    constraint refresh_tokens_key primary key (id),
    constraint refresh_hash_is_unique unique (hash),
    constraint refresh_hash_is_sha256 check (length(hash) = 32),
    constraint refresh_token_descends_from_a_grant foreign key (grant_id) references portcullis.grants (id),
    constraint rotation_leaves_its_salt check ((rotated_at is null) = (salt is null))
);

create index refresh_tokens_of_a_grant on portcullis.refresh_tokens (grant_id);

comment on column portcullis.refresh_tokens.salt is
    'with the token itself, which is not here, it gives the pair that followed; so a client that missed the answer can be told again';

-- How often something went wrong from where. Strangers leave no rows in the record, so that they cannot fill it.
create table portcullis.counters (
    kind     text        not null,
    network  inet        not null,
    began_at timestamptz not null,
    count    integer     not null,
    constraint counters_key primary key (kind, network)
);

create index counters_by_time on portcullis.counters (began_at);

-- Somebody may be turned away before there is a token, or a profile.
alter table portcullis.denials
    alter column token_id drop not null,
    alter column profile drop not null;
