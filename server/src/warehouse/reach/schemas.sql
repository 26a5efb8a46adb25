-- What was granted on schemas to the given roles by name.
select distinct
    pg_namespace.nspname::text as schema,
    pg_roles.rolname::text as role,
    lower(entry.privilege_type) as privilege,
    entry.is_grantable
from pg_catalog.pg_namespace
cross join lateral aclexplode(pg_namespace.nspacl) as entry
join pg_catalog.pg_roles on pg_roles.oid = entry.grantee
where pg_roles.rolname = any($1::text[])
    and entry.grantee <> pg_namespace.nspowner
order by 1, 2, 3
