-- What the given roles own here, and in the whole cluster; the row type of a relation goes with the relation.
select
    pg_roles.rolname::text as owner,
    object.type as kind,
    object.identity as name
from pg_catalog.pg_shdepend
join pg_catalog.pg_roles on pg_roles.oid = pg_shdepend.refobjid
cross join lateral pg_identify_object(pg_shdepend.classid, pg_shdepend.objid, pg_shdepend.objsubid) as object
where pg_shdepend.refclassid = 'pg_catalog.pg_authid'::regclass
    and pg_shdepend.deptype = 'o'
    and pg_shdepend.dbid in (
        0,
        (select pg_database.oid from pg_catalog.pg_database where pg_database.datname = current_database())
    )
    and pg_roles.rolname = any($1::text[])
    and object.identity is not null
order by 1, 2, 3
