-- What the given roles may do besides reading relations: create, call what may do more than read, read large objects,
-- reach out. A right that comes by neither a grant to the role nor one to PUBLIC has no `through`.
with role as (
    select pg_roles.oid as id, pg_roles.rolname::text as name
    from pg_catalog.pg_roles
    where pg_roles.rolname = any($1::text[])
        and not pg_roles.rolsuper
),
power (role, kind, privilege, object, more, acl, extension) as (
    select role.id, 'create', 'create', format('schema %I', pg_namespace.nspname), 0::bigint, pg_namespace.nspacl, null
    from role
    cross join pg_catalog.pg_namespace
    where pg_namespace.nspname !~ '^pg_(toast|temp)'
        and has_schema_privilege(role.id, pg_namespace.oid, 'create')
    union all
    select
        role.id,
        case when privilege.name = 'create' then 'create' else 'temporary' end,
        privilege.name,
        format('database %I', pg_database.datname),
        0,
        coalesce(pg_database.datacl, acldefault('d', pg_database.datdba)),
        null
    from role
    cross join unnest(array['create', 'temporary']) as privilege (name)
    join pg_catalog.pg_database on pg_database.datname = current_database()
    where has_database_privilege(role.id, pg_database.oid, privilege.name)
    union all
    select
        role.id,
        case when pg_proc.prosecdef then 'definer_function' else 'volatile_function' end,
        'execute',
        format('routine %s', pg_proc.oid::regprocedure),
        -- One function stands for all others of an extension.
        case when pg_extension.extname is null then 0
            else count(*) over (partition by role.id, pg_proc.prosecdef, pg_extension.extname) - 1
        end,
        coalesce(pg_proc.proacl, acldefault('f', pg_proc.proowner)),
        pg_extension.extname
    from role
    cross join pg_catalog.pg_proc
    join pg_catalog.pg_namespace on pg_namespace.oid = pg_proc.pronamespace
    left join pg_catalog.pg_depend
        on pg_depend.classid = 'pg_catalog.pg_proc'::regclass
        and pg_depend.objid = pg_proc.oid
        and pg_depend.refclassid = 'pg_catalog.pg_extension'::regclass
        and pg_depend.deptype = 'e'
    left join pg_catalog.pg_extension on pg_extension.oid = pg_depend.refobjid
    where pg_namespace.nspname not in ('pg_catalog', 'information_schema')
        and (pg_proc.prosecdef or (pg_proc.provolatile = 'v' and pg_proc.prokind in ('f', 'p')))
        and pg_proc.prorettype not in ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)
        and has_schema_privilege(role.id, pg_namespace.oid, 'usage')
        and has_function_privilege(role.id, pg_proc.oid, 'execute')
    union all
    -- Those of one owner and one list of rights are alike.
    select
        role.id,
        'large_object',
        'select',
        format('large object %s', min(pg_largeobject_metadata.oid::bigint)),
        count(*) - 1,
        pg_largeobject_metadata.lomacl,
        null
    from role
    cross join pg_catalog.pg_largeobject_metadata
    where current_setting('lo_compat_privileges')::boolean
        or pg_largeobject_metadata.lomowner = role.id
        or exists (
            select
            from aclexplode(pg_largeobject_metadata.lomacl) as entry
            where entry.privilege_type = 'SELECT'
                and (
                    entry.grantee = 0
                    or (entry.grantee <> 0 and pg_has_role(role.id, entry.grantee, 'usage'))
                )
        )
    group by role.id, pg_largeobject_metadata.lomacl, pg_largeobject_metadata.lomowner
    union all
    select
        role.id,
        'foreign_server',
        'usage',
        format('foreign server %I', pg_foreign_server.srvname),
        0,
        pg_foreign_server.srvacl,
        null
    from role
    cross join pg_catalog.pg_foreign_server
    where has_server_privilege(role.id, pg_foreign_server.oid, 'usage')
    union all
    select
        role.id,
        'foreign_server',
        'usage',
        format('foreign data wrapper %I', pg_foreign_data_wrapper.fdwname),
        0,
        pg_foreign_data_wrapper.fdwacl,
        null
    from role
    cross join pg_catalog.pg_foreign_data_wrapper
    where has_foreign_data_wrapper_privilege(role.id, pg_foreign_data_wrapper.oid, 'usage')
)
select distinct on (role.name, power.kind, power.privilege, coalesce(power.extension, power.object))
    role.name as role,
    power.kind,
    power.privilege,
    power.object,
    power.more,
    exists (
        select
        from aclexplode(power.acl) as entry
        where entry.grantee = 0 and lower(entry.privilege_type) = power.privilege
    ) as through_public,
    exists (
        select
        from aclexplode(power.acl) as entry
        where entry.grantee = role.id and lower(entry.privilege_type) = power.privilege
    ) as through_role,
    power.extension::text as extension
from power
join role on role.id = power.role
order by role.name, power.kind, power.privilege, coalesce(power.extension, power.object), power.object
