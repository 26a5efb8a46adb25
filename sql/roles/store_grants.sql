-- Lets the program's role into the store: it reads everything, changes what may change, and only ever adds to the
-- record. `portcullis migrate` runs this as the owner of the schema; the role is named in `portcullis.app_role`.
do $$
declare
    app_role constant text := current_setting('portcullis.app_role');
begin
    revoke all on schema portcullis from public;

    -- Whoever owns the tables has every right to them already.
    if pg_has_role(app_role, (select nspowner from pg_namespace where nspname = 'portcullis'), 'member') then
        return;
    end if;

    execute format('grant usage on schema portcullis to %I', app_role);
    execute format('revoke all on all tables in schema portcullis from %I', app_role);
    execute format('grant select on all tables in schema portcullis to %I', app_role);
    execute format(
        'grant insert on portcullis.attempts, portcullis.outcomes, portcullis.denials, portcullis.events,
            portcullis.seals, portcullis.checkpoints to %I',
        app_role
    );
    execute format('grant insert, update on portcullis.sealing to %I', app_role);
    execute format(
        'grant insert, update on portcullis.people, portcullis.assignments, portcullis.clients, portcullis.tokens to %I',
        app_role
    );
    execute format(
        'grant insert, update, delete on portcullis.factors, portcullis.recovery_codes, portcullis.sessions,
            portcullis.guesses, portcullis.places, portcullis.setup_links to %I',
        app_role
    );
    execute format(
        'grant insert, update on portcullis.grants, portcullis.refresh_tokens to %I',
        app_role
    );
    execute format('grant insert, update, delete on portcullis.counters to %I', app_role);
    execute format('grant insert, update on portcullis.alerts, portcullis.pauses, portcullis.self_tests to %I', app_role);
    execute format('grant insert, update on portcullis.deliveries to %I', app_role);
    execute format('grant update on portcullis.checkpoint_delivery to %I', app_role);
    execute format('grant insert, update, delete on portcullis.budget_use, portcullis.leases to %I', app_role);
    execute format(
        'grant delete on portcullis.clients, portcullis.tokens, portcullis.refresh_tokens, portcullis.grants to %I',
        app_role
    );
    -- It takes nothing from its caller.
    execute format('grant execute on function portcullis.make_partitions() to %I', app_role);
    -- Derived from the record, which it cannot touch.
    execute format(
        'grant insert, update, delete on portcullis.calls, portcullis.open_calls, portcullis.indexing,
            portcullis.usage_by_hour, portcullis.reasons_by_hour, portcullis.relations_by_hour,
            portcullis.durations_by_hour, portcullis.denials_by_hour to %I',
        app_role
    );
end
$$
