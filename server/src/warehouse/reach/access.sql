-- What each of the given roles may do with each of the given relations, by whatever way.
select
    relation.id as relation,
    pg_roles.rolname::text as role,
    has_schema_privilege(pg_roles.oid, pg_class.relnamespace, 'usage') as is_open,
    array(
        select pg_attribute.attname::text
        from pg_catalog.pg_attribute
        where pg_attribute.attrelid = relation.id
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
            and has_column_privilege(pg_roles.oid, relation.id, pg_attribute.attnum, 'select')
        order by pg_attribute.attnum
    ) as readable,
    array(
        select privilege.name
        from unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'usage']) as privilege (name)
        where case
            when privilege.name = 'usage'
                then pg_class.relkind = 'S' and has_sequence_privilege(pg_roles.oid, relation.id, 'usage')
            when privilege.name in ('insert', 'update', 'references')
                then has_any_column_privilege(pg_roles.oid, relation.id, privilege.name)
            else has_table_privilege(pg_roles.oid, relation.id, privilege.name)
        end
    ) as others
from unnest($1::oid[]) as relation (id)
join pg_catalog.pg_class on pg_class.oid = relation.id
cross join pg_catalog.pg_roles
where pg_roles.rolname = any($2::text[])
    and not pg_roles.rolsuper
