-- What was granted on the given relations and their columns to PUBLIC and to the given roles by name.
with entry as (
    select pg_class.oid as relation, null::text as column_name, pg_class.relowner as owner, acl.*
    from pg_catalog.pg_class
    cross join lateral aclexplode(pg_class.relacl) as acl
    where pg_class.oid = any($1::oid[])
    union all
    select pg_class.oid, pg_attribute.attname::text, pg_class.relowner, acl.*
    from pg_catalog.pg_attribute
    join pg_catalog.pg_class on pg_class.oid = pg_attribute.attrelid
    cross join lateral aclexplode(pg_attribute.attacl) as acl
    where pg_attribute.attrelid = any($1::oid[])
        and not pg_attribute.attisdropped
)
select distinct
    entry.relation,
    entry.column_name,
    pg_roles.rolname::text as grantee,
    lower(entry.privilege_type) as privilege,
    entry.is_grantable
from entry
left join pg_catalog.pg_roles on pg_roles.oid = entry.grantee
where entry.grantee = 0
    or (pg_roles.rolname = any($2::text[]) and entry.grantee <> entry.owner)
order by entry.relation, lower(entry.privilege_type), entry.column_name
