-- The two roles of one profile. A DBA runs this once per profile, in the database that agents shall read:
--
--   psql -d shop -v profile_role=portcullis_support -v login_role=portcullis_support_gateway -f role_setup.sql
--   psql -d shop -c '\password portcullis_support_gateway'
--
-- The profile role holds the rights and cannot log in. The login role can log in and holds nothing: it becomes the
-- profile role for each statement, so `reset role` gains nothing, and one profile can never become another.
-- Runs again without harm. Further variables, with their defaults:
--
--   view_owner=              the role that shall own the views of the profile, where it declares any; it cannot log in
--   administrator=           who makes those views (`portcullis grants --apply`): whoever owns their sources, a member of
--                            `view_owner`; a superuser needs no membership
--   connection_limit=20      connections of the login role
--   temp_file_limit=256MB    disk for sorts and hashes of one connection; only a superuser may set it
--   keep_public=off          `on` leaves the rights of PUBLIC alone: temporary tables, and (before 15) objects in `public`

\set ON_ERROR_STOP on
\if :{?profile_role}
\else
    \set profile_role ''
\endif
\if :{?login_role}
\else
    \set login_role ''
\endif
\if :{?connection_limit}
\else
    \set connection_limit 20
\endif
\if :{?temp_file_limit}
\else
    \set temp_file_limit 256MB
\endif
\if :{?view_owner}
\else
    \set view_owner ''
\endif
\if :{?administrator}
\else
    \set administrator ''
\endif
\if :{?keep_public}
\else
    \set keep_public off
\endif

begin;
set local client_min_messages = warning;

-- A `do` block cannot see the variables of psql, but it can see settings.
select
    set_config('setup.profile', :'profile_role', true),
    set_config('setup.login', :'login_role', true),
    set_config('setup.connection_limit', :'connection_limit', true),
    set_config('setup.temp_file_limit', :'temp_file_limit', true),
    set_config('setup.view_owner', :'view_owner', true),
    set_config('setup.administrator', :'administrator', true)
\g /dev/null

do $$
declare
    profile text := current_setting('setup.profile');
    login   text := current_setting('setup.login');
begin
    if profile = '' or login = '' then
        raise exception 'the names of the two roles are missing'
            using hint = 'say psql -v profile_role=... -v login_role=...';
    end if;
    if not exists (select from pg_roles where rolname = profile) then
        execute format('create role %I', profile);
    end if;
    if not exists (select from pg_roles where rolname = login) then
        execute format('create role %I', login);
    end if;
    if exists (select from pg_roles where rolname in (profile, login) and (rolsuper or rolreplication or rolbypassrls)) then
        raise exception '% or % is a role with powers beyond reading', profile, login
            using hint = 'choose other names: these two roles must be new';
    end if;
    execute format('alter role %I nologin noinherit nocreatedb nocreaterole', profile);
    execute format('alter role %I login noinherit nocreatedb nocreaterole', login);
    execute format('alter role %I connection limit %s', login, current_setting('setup.connection_limit')::int);

    if current_setting('server_version_num')::int >= 160000 then
        execute format('grant %I to %I with admin false, inherit false, set true', profile, login);
    else
        execute format('grant %I to %I', profile, login);
    end if;
    execute format('grant connect on database %I to %I', current_database(), login);
end
$$;

-- Views read with the rights of their owner, so they have one of their own, which holds SELECT on their sources alone.
do $$
declare
    owner         text := current_setting('setup.view_owner');
    administrator text := current_setting('setup.administrator');
begin
    if owner = '' then
        return;
    end if;
    if not exists (select from pg_roles where rolname = owner) then
        execute format('create role %I', owner);
    end if;
    if exists (select from pg_roles where rolname = owner and (rolsuper or rolreplication or rolbypassrls or rolcanlogin)) then
        raise exception '% is a role with powers beyond owning views', owner
            using hint = 'choose another name: this role must be new';
    end if;
    execute format('alter role %I nologin noinherit nocreatedb nocreaterole', owner);
    if not exists (select from pg_roles where rolname = administrator and not rolsuper) then
        return;
    end if;
    if current_setting('server_version_num')::int >= 160000 then
        execute format('grant %I to %I with admin false, inherit true, set true', owner, administrator);
    else
        execute format('grant %I to %I', owner, administrator);
    end if;
end
$$;

-- What a session begins with. The gateway sets stricter values for each statement; these hold should it ever forget.
do $$
declare
    login text := current_setting('setup.login');
begin
    execute format('alter role %I set search_path = pg_catalog', login);
    execute format('alter role %I set default_transaction_read_only = on', login);
    execute format('alter role %I set statement_timeout = %L', login, '30s');
    execute format('alter role %I set lock_timeout = %L', login, '1s');
    execute format('alter role %I set idle_in_transaction_session_timeout = %L', login, '60s');
    execute format('alter role %I set jit = off', login);
    begin
        execute format('alter role %I set temp_file_limit = %L', login, current_setting('setup.temp_file_limit'));
    exception when insufficient_privilege then
        raise warning 'temp_file_limit of % is not set: only a superuser may', login;
    end;
end
$$;

\if :keep_public
\else
do $$
declare
    open text;
begin
    execute format('revoke create, temporary on database %I from public', current_database());
    for open in
        select n.nspname
        from pg_namespace n
        cross join lateral aclexplode(n.nspacl) a
        where a.grantee = 0 and a.privilege_type = 'CREATE' and n.nspname !~ '^pg_'
    loop
        execute format('revoke create on schema %I from public', open);
    end loop;
exception when insufficient_privilege then
    raise warning 'the rights of PUBLIC are as they were: only the owner of the database may revoke them';
end
$$;
\endif

-- Whatever the login role holds beyond its one membership is a way around the gate.
do $$
declare
    login  text := current_setting('setup.login');
    other  text;
begin
    select string_agg(g.rolname, ', ')
    into other
    from pg_auth_members m
    join pg_roles g on g.oid = m.roleid
    where m.member = quote_ident(login)::regrole
      and g.rolname <> current_setting('setup.profile');
    if other is not null then
        raise exception '% is also a member of %', login, other
            using hint = 'a login role must be a member of its own profile role alone';
    end if;

    if exists (select from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = quote_ident(login)::regrole and deptype = 'o') then
        raise exception '% owns objects', login
            using hint = format('reassign owned by %I to somebody else', login);
    end if;

    select string_agg(c.oid::regclass::text, ', ')
    into other
    from pg_class c
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
      and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      and has_table_privilege(login, c.oid, 'select');
    if other is not null then
        raise warning '% can read without its profile: %', login, other
            using hint = 'revoke what was granted to PUBLIC';
    end if;
end
$$;

commit;

\echo 'Next: set a password with \\password, then grant the profile role what the profile may read, for example'
\echo '  grant usage on schema public to' :"profile_role"';'
\echo '  grant select (id, name, city) on public.customers to' :"profile_role"';'
