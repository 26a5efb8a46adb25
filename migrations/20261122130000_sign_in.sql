-- How people sign in: their second factor, the codes for the day it is lost, their sessions, and what slows guessing down.

-- One authenticator app a person. A row is there only once the person has shown a code of it.
create table portcullis.factors (
    person_id    uuid        not null,
    key_id       text        not null,
    secret       bytea       not null,
    last_step    bigint      not null,
    confirmed_at timestamptz not null,
    constraint factors_key primary key (person_id),
    constraint factor_belongs_to_a_person foreign key (person_id) references portcullis.people (id)
);

comment on column portcullis.factors.key_id is 'which of the operator''s keys the secret is sealed with';
comment on column portcullis.factors.secret is 'nonce and ciphertext, XChaCha20-Poly1305, bound to the person';
comment on column portcullis.factors.last_step is 'the newest 30-second step of which a code was used; none up to it is good again';

create table portcullis.recovery_codes (
    person_id  uuid        not null,
    hash       bytea       not null,
    created_at timestamptz not null,
    used_at    timestamptz,
    constraint recovery_codes_key primary key (person_id, hash),
    constraint recovery_code_hash_is_sha256 check (length(hash) = 32),
    constraint recovery_code_belongs_to_a_person foreign key (person_id) references portcullis.people (id)
);

-- A session begins when a password was right, and counts as signed in once the second factor was shown.
create table portcullis.sessions (
    id             uuid        not null,
    hash           bytea       not null,
    person_id      uuid        not null,
    began_at       timestamptz not null,
    seen_at        timestamptz not null,
    signed_in_at   timestamptz,
    proven_at      timestamptz,
    next           text,
    enrolment_key  text,
    enrolment      bytea,
    ip             inet,
    user_agent     text,
    ended_at       timestamptz,
    ended_by       text,
    constraint sessions_key primary key (id),
    constraint session_hash_is_unique unique (hash),
    constraint session_hash_is_sha256 check (length(hash) = 32),
    constraint session_belongs_to_a_person foreign key (person_id) references portcullis.people (id),
    constraint signed_in_session_has_a_proof check ((signed_in_at is null) = (proven_at is null)),
    constraint enrolment_names_its_key check ((enrolment is null) = (enrolment_key is null)),
    constraint session_is_ended_by_someone check ((ended_by is null) = (ended_at is null))
);

create index living_sessions_of_a_person
    on portcullis.sessions (person_id, seen_at desc)
    where ended_at is null;

create index sessions_by_time on portcullis.sessions (began_at);

comment on column portcullis.sessions.id is 'names the session in lists and in the record; it stays while the cookie changes';
comment on column portcullis.sessions.hash is 'SHA-256 of the cookie; the cookie itself is never stored';
comment on column portcullis.sessions.proven_at is 'when the second factor was last shown';
comment on column portcullis.sessions.enrolment is 'a secret that was offered and not yet confirmed, sealed like that of a factor';

-- Counters of guesses. A key is a hash, so that a password typed into the field of the name is not kept here.
create table portcullis.guesses (
    kind     text        not null,
    key      bytea       not null,
    count    integer     not null,
    last_at  timestamptz not null,
    free_at  timestamptz not null,
    constraint guesses_key primary key (kind, key)
);

create index guesses_by_time on portcullis.guesses (last_at);

-- Where a person has signed in from. There, the failures of strangers elsewhere do not slow them down.
create table portcullis.places (
    person_id uuid        not null,
    network   inet        not null,
    last_at   timestamptz not null,
    constraint places_key primary key (person_id, network),
    constraint place_belongs_to_a_person foreign key (person_id) references portcullis.people (id)
);

-- The way in for the first administrator, while nobody is known.
create table portcullis.setup_links (
    hash       bytea       not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    constraint setup_links_key primary key (hash),
    constraint setup_link_hash_is_sha256 check (length(hash) = 32)
);
