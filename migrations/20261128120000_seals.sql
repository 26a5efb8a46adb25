-- The chain that the rows of the record are sealed in, and checkpoints of it. Like the record, both are only ever added to.

create table portcullis.seals (
    position bigint      not null,
    at       timestamptz not null,
    relation text,
    horizon  uuid        not null,
    snapshot bigint      not null,
    rows     bigint      not null,
    ids      uuid[]      not null,
    digests  bytea       not null,
    oldest   uuid,
    newest   uuid,
    link     bytea       not null,
    constraint seals_key primary key (position),
    constraint seal_is_of_the_record check (relation in ('attempts', 'outcomes', 'denials', 'events')),
    constraint seal_has_a_digest_for_each_row check (length(digests) = 32 * cardinality(ids)),
    constraint link_is_sha256 check (length(link) = 32)
);

-- Digests cannot be made shorter, so nothing tries.
alter table portcullis.seals
    alter column ids set storage external,
    alter column digests set storage external;

create index seals_by_row on portcullis.seals (newest) where newest is not null;

comment on column portcullis.seals.relation is 'whose rows are sealed; null where only the horizon moves';
comment on column portcullis.seals.horizon is 'what is older and not sealed up to here was never recorded by the program';
comment on column portcullis.seals.snapshot is 'all transactions below this number had begun';
comment on column portcullis.seals.rows is 'rows that are sealed up to here';
comment on column portcullis.seals.digests is 'SHA-256 of each row, 32 bytes each, in the order of ids';
comment on column portcullis.seals.link is 'SHA-256 of the seal and the link before';

create table portcullis.checkpoints (
    position  bigint      not null,
    at        timestamptz not null,
    rows      bigint      not null,
    link      bytea       not null,
    key_id    text,
    signature bytea,
    constraint checkpoints_key primary key (position),
    constraint signature_names_its_key check ((signature is null) = (key_id is null)),
    constraint signature_is_ed25519 check (length(signature) = 64)
);

-- What was dropped of the record on purpose, because it need not be kept any longer. Only the owner of the store does that.
create table portcullis.retentions (
    id        uuid        not null,
    at        timestamptz not null,
    actor     text        not null,
    since     uuid        not null,
    until     uuid        not null,
    rows      bigint      not null,
    key_id    text,
    signature bytea,
    constraint retentions_key primary key (id),
    constraint retention_is_a_stretch check (since < until),
    constraint signature_names_its_key check ((signature is null) = (key_id is null)),
    constraint signature_is_ed25519 check (length(signature) = 64)
);

comment on column portcullis.retentions.id is 'that of the event which tells the same';
comment on column portcullis.retentions.until is 'rows before this identifier were dropped, from since on';

create trigger retentions_are_append_only
    before update or delete or truncate on portcullis.retentions
    for each statement execute function portcullis.refuse_to_change_the_record();

create trigger seals_are_append_only
    before update or delete or truncate on portcullis.seals
    for each statement execute function portcullis.refuse_to_change_the_record();

create trigger checkpoints_are_append_only
    before update or delete or truncate on portcullis.checkpoints
    for each statement execute function portcullis.refuse_to_change_the_record();

-- How far the sealer has come: only for those who look, nothing is decided by it.
create table portcullis.sealing (
    only_row  boolean     not null default true,
    sealed_to timestamptz not null,
    constraint sealing_key primary key (only_row),
    constraint sealing_has_one_row check (only_row)
);

-- When the record was last verified.
create index events_of_verification on portcullis.events (id) where kind = 'record_verified';
