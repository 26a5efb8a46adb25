-- The given roles, in their order: what they are, and what database this is.
select
    current_database()::text as database,
    (
        select pg_get_userbyid(pg_database.datdba)::text
        from pg_catalog.pg_database
        where pg_database.datname = current_database()
    ) as database_owner,
    wanted.name,
    pg_roles.oid is not null as is_there,
    array_remove(
        array[
            case when pg_roles.rolsuper then 'superuser' end,
            case when pg_roles.rolreplication then 'replication' end,
            case when pg_roles.rolbypassrls then 'bypassrls' end,
            case when pg_roles.rolcreatedb then 'createdb' end,
            case when pg_roles.rolcreaterole then 'createrole' end
        ],
        null
    ) as powers,
    coalesce(pg_roles.rolcanlogin, false) as can_log_in,
    coalesce(pg_roles.rolinherit, false) as inherits
from unnest($1::text[]) with ordinality as wanted (name, place)
left join pg_catalog.pg_roles on pg_roles.rolname = wanted.name
order by wanted.place
