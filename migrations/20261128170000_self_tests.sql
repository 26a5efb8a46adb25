-- How each profile's last self-test went. What was found is an event of the record; this is what the console shows.

create table portcullis.self_tests (
    profile text        not null,
    at      timestamptz not null,
    tried   integer     not null,
    faults  text[]      not null,
    constraint self_tests_key primary key (profile)
);
