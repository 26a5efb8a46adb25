-- The roles of the demo, for the whole cluster. Runs again without harm. Nobody has a password: the socket is private.

do $$
declare
    wanted record;
begin
    for wanted in
        select *
        from (values
            ('portcullis_owner',           'login'),    -- owns the store, and migrates it
            ('portcullis_app',             'login'),    -- the program's own role in the store
            ('portcullis_support',         'nologin'),  -- profile `support`
            ('portcullis_support_gateway', 'login'),
            ('portcullis_analyst',         'nologin'),  -- profile `analyst`
            ('portcullis_analyst_gateway', 'login'),
            ('shop_owner',                 'nologin')   -- owns the sample shop
        ) as r (name, login)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format(
                'create role %I %s noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls',
                wanted.name, wanted.login
            );
        end if;
    end loop;
end
$$;

-- A gateway may become its own profile's role and nothing else, and has no right before it does.
do $$
declare
    profile text;
    gateway text;
begin
    foreach profile in array array['portcullis_support', 'portcullis_analyst']
    loop
        gateway := profile || '_gateway';
        if pg_has_role(gateway, profile, 'member') then
            null;
        elsif current_setting('server_version_num')::int >= 160000 then
            execute format('grant %I to %I with inherit false, set true', profile, gateway);
        else
            execute format('grant %I to %I', profile, gateway);
        end if;
        execute format('alter role %I connection limit 64', gateway);
        execute format('alter role %I set temp_file_limit = %L', gateway, '256MB');
        execute format('alter role %I set search_path = pg_catalog', gateway);
        execute format('alter role %I set default_transaction_read_only = on', gateway);
        execute format('alter role %I set statement_timeout = %L', gateway, '30s');
        execute format('alter role %I set lock_timeout = %L', gateway, '1s');
        execute format('alter role %I set idle_in_transaction_session_timeout = %L', gateway, '60s');
        execute format('alter role %I set jit = off', gateway);
    end loop;
end
$$;

-- Everybody may connect to a database unless told otherwise; no profile has business in these.
revoke connect, temporary on database postgres from public;
revoke connect, temporary on database template1 from public;
