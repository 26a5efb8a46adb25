-- What each person has used of the budgets of each profile. One row for each length of window: windows are fixed, so a row
-- whose window is over begins again with the next call. All of it may be emptied at any time; then budgets begin anew.
create table portcullis.budget_use (
    person_id  uuid        not null,
    profile    text        not null,
    seconds    bigint      not null,
    began_at   timestamptz not null,
    calls      bigint      not null,
    row_count  bigint      not null,
    byte_count bigint      not null,
    constraint budget_use_key primary key (person_id, profile, seconds)
) with (fillfactor = 50);

-- Statements at work. A lease ends by itself, should the instance that holds it die.
create table portcullis.leases (
    person_id uuid          not null,
    profile   text          not null,
    attempts  uuid[]        not null,
    ends      timestamptz[] not null,
    constraint leases_key primary key (person_id, profile),
    constraint lease_has_an_end check (cardinality(attempts) = cardinality(ends))
) with (fillfactor = 50);
