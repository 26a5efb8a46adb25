-- The kill switch: what is paused reads nothing from the next request on, until somebody resumes it. A pause that is over
-- keeps its row: what was held, when and by whom, is part of the record.

create table portcullis.pauses (
    id       uuid        not null,
    kind     text        not null,
    key      text        not null,
    subject  text        not null,
    began_at timestamptz not null,
    began_by text        not null,
    ended_at timestamptz,
    ended_by text,
    constraint pauses_key primary key (id),
    constraint pause_kind_is_known check (kind in ('everything', 'profile', 'person', 'client', 'token')),
    constraint pause_ends_by_someone check ((ended_by is null) = (ended_at is null))
);

create unique index pause_is_held_once on portcullis.pauses (kind, key) where ended_at is null;

comment on column portcullis.pauses.key is 'the name of a profile; the id of a person, a client or a token; empty for everything';
comment on column portcullis.pauses.subject is 'the same for people to read';
