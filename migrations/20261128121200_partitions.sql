-- The record is kept by the month, 3 of 3: the tables of before become the first partition of new ones that bear their
-- names. Nothing is copied or looked through, so calls wait for no longer than a moment.

lock table portcullis.attempts, portcullis.outcomes, portcullis.denials, portcullis.events in access exclusive mode;

alter table portcullis.attempts rename to attempts_before;
alter table portcullis.outcomes rename to outcomes_before;
alter table portcullis.denials rename to denials_before;
alter table portcullis.events rename to events_before;

alter table portcullis.attempts_before rename constraint attempts_key to attempts_before_key;
alter table portcullis.outcomes_before rename constraint outcome_of_an_attempt to outcomes_before_key;
alter table portcullis.denials_before rename constraint denials_key to denials_before_key;
alter table portcullis.events_before rename constraint events_key to events_before_key;

alter index portcullis.attempts_by_time rename to attempts_before_by_time;
alter index portcullis.denials_by_time rename to denials_before_by_time;
alter index portcullis.denials_of_a_person rename to denials_before_of_a_person;
alter index portcullis.events_by_time rename to events_before_by_time;
alter index portcullis.events_of_a_person rename to events_before_of_a_person;
alter index portcullis.events_of_verification rename to events_before_of_verification;

create table portcullis.attempts (
    like portcullis.attempts_before including comments,
    constraint attempts_key primary key (id)
) partition by range (id);

create table portcullis.outcomes (
    like portcullis.outcomes_before including comments,
    constraint outcome_of_an_attempt primary key (attempt_id),
    constraint decision_is_known check (decision in ('allowed', 'refused', 'failed')),
    constraint reason_is_given_unless_allowed check ((decision = 'allowed') = (reason is null))
) partition by range (attempt_id);

create table portcullis.denials (
    like portcullis.denials_before including comments,
    constraint denials_key primary key (id)
) partition by range (id);

create table portcullis.events (
    like portcullis.events_before including comments,
    constraint events_key primary key (id)
) partition by range (id);

create index attempts_by_time on portcullis.attempts (at desc, id desc);
create index denials_by_time on portcullis.denials (at desc, id desc);
create index denials_of_a_person on portcullis.denials (person_id, id);
create index events_by_time on portcullis.events (at desc, id desc);
create index events_of_a_person on portcullis.events (person_id, id) where person_id is not null;
create index events_of_verification on portcullis.events (id) where kind = 'record_verified';

do $$
declare
    relation text;
    border uuid;
    app_role regrole;
begin
    foreach relation in array array['attempts', 'outcomes', 'denials', 'events'] loop
        -- The border is what the first step wrote down, whichever month it is by now.
        select substring(pg_get_constraintdef(oid) from '''([0-9a-f-]{36})''')
        into strict border
        from pg_constraint
        where conrelid = format('portcullis.%I', relation || '_before')::regclass
            and conname = 'before';

        execute format(
            'alter table portcullis.%I attach partition portcullis.%I for values from (minvalue) to (%L)',
            relation, relation || '_before', border
        );
        execute format('alter table portcullis.%I drop constraint before', relation || '_before');
        -- Whatever fits nowhere else: nothing is ever lost for want of a partition.
        execute format(
            'create table portcullis.%I partition of portcullis.%I default', relation || '_other', relation
        );
        execute format(
            'create trigger %I before update or delete or truncate on portcullis.%I
                for each statement execute function portcullis.refuse_to_change_the_record()',
            relation || '_are_append_only', relation
        );
        execute format(
            'create trigger %I before update or delete or truncate on portcullis.%I
                for each statement execute function portcullis.refuse_to_change_the_record()',
            relation || '_are_append_only', relation || '_other'
        );
        -- Whoever is at work goes on.
        for app_role in
            select grantee::regrole
            from pg_class, aclexplode(relacl)
            where oid = format('portcullis.%I', relation || '_before')::regclass
                and privilege_type = 'INSERT'
                and grantee not in (0, relowner)
        loop
            execute format('grant select, insert on portcullis.%I to %s', relation, app_role);
        end loop;
    end loop;
end
$$;

-- Makes the partitions of this month and the three that follow, where they are missing. The program's role may make no
-- tables; it may call this, which takes nothing from its caller.
create function portcullis.make_partitions()
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
declare
    relation text;
    partition text;
    month timestamp;
    since uuid;
    until uuid;
    made integer := 0;
begin
    for n in 0..3 loop
        month := date_trunc('month', now() at time zone 'UTC') + make_interval(months => n);
        since := portcullis.first_id_at(month at time zone 'UTC');
        until := portcullis.first_id_at((month + interval '1 month') at time zone 'UTC');
        foreach relation in array array['attempts', 'outcomes', 'denials', 'events'] loop
            partition := relation || to_char(month, '_YYYY_MM');
            -- Months that the partition of before covers have none of their own.
            continue when exists (
                select
                from pg_class
                where relnamespace = 'portcullis'::regnamespace
                    and (
                        relname = partition
                        or (
                            relname = relation || '_before'
                            and substring(pg_get_expr(relpartbound, oid) from 'TO \(''([0-9a-f-]{36})''\)')::uuid > since
                        )
                    )
            );
            execute format(
                'create table portcullis.%I (like portcullis.%I including constraints including comments)',
                partition, relation
            );
            execute format(
                'create trigger %I before update or delete or truncate on portcullis.%I
                    for each statement execute function portcullis.refuse_to_change_the_record()',
                relation || '_are_append_only', partition
            );
            execute format(
                'alter table portcullis.%I attach partition portcullis.%I for values from (%L) to (%L)',
                relation, partition, since, until
            );
            made := made + 1;
        end loop;
    end loop;
    return made;
end
$$;

revoke all on function portcullis.make_partitions() from public;

-- Drops the partitions of whole months before an identifier. This is for the owner of the store alone; the program states
-- in the record and in the chain what it drops.
create function portcullis.drop_partitions(border uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '10s'
as $$
declare
    partition regclass;
begin
    for partition in
        select inhrelid::regclass
        from pg_inherits
        join pg_class on pg_class.oid = inhrelid
        where inhparent in (
                'portcullis.attempts'::regclass, 'portcullis.outcomes'::regclass, 'portcullis.denials'::regclass,
                'portcullis.events'::regclass
            )
            and substring(pg_get_expr(relpartbound, pg_class.oid) from 'TO \(''([0-9a-f-]{36})''\)')::uuid <= border
    loop
        execute format('drop table %s', partition);
    end loop;
end
$$;

revoke all on function portcullis.drop_partitions(uuid) from public;

select portcullis.make_partitions();

-- Expired tokens and grants are looked for in the background.
create index tokens_by_expiry on portcullis.tokens (expires_at);
create index refresh_tokens_by_expiry on portcullis.refresh_tokens (expires_at);
create index grants_by_end on portcullis.grants (ends_at);
