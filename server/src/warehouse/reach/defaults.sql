-- What PUBLIC and the given roles will be granted on objects that do not exist yet.
select distinct
    pg_get_userbyid(pg_default_acl.defaclrole)::text as creator,
    pg_namespace.nspname::text as schema,
    case pg_default_acl.defaclobjtype
        when 'r' then 'tables'
        when 'S' then 'sequences'
        when 'f' then 'functions'
        when 'T' then 'types'
        when 'n' then 'schemas'
        else 'large objects'
    end as objects,
    lower(entry.privilege_type) as privilege,
    pg_roles.rolname::text as grantee
from pg_catalog.pg_default_acl
cross join lateral aclexplode(pg_default_acl.defaclacl) as entry
left join pg_catalog.pg_namespace on pg_namespace.oid = pg_default_acl.defaclnamespace
left join pg_catalog.pg_roles on pg_roles.oid = entry.grantee
where pg_roles.rolname = any($1::text[])
    -- What PUBLIC has on functions and types by itself is no decision of anybody.
    or (entry.grantee = 0 and pg_default_acl.defaclobjtype in ('r', 'S', 'n'))
order by 1, 2, 3, 4
