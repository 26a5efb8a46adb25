-- The foreign keys whose both ends are among the given relations. Those with a parent repeat it for a partition.
select
    pg_constraint.conrelid as relation,
    pg_constraint.confrelid as target,
    array(
        select pg_attribute.attname::text
        from unnest(pg_constraint.conkey) with ordinality as key (place, position)
        join pg_catalog.pg_attribute
            on pg_attribute.attrelid = pg_constraint.conrelid and pg_attribute.attnum = key.place
        order by key.position
    ) as columns,
    array(
        select pg_attribute.attname::text
        from unnest(pg_constraint.confkey) with ordinality as key (place, position)
        join pg_catalog.pg_attribute
            on pg_attribute.attrelid = pg_constraint.confrelid and pg_attribute.attnum = key.place
        order by key.position
    ) as target_columns
from pg_catalog.pg_constraint
where pg_constraint.contype = 'f'
    and pg_constraint.conparentid = 0
    and pg_constraint.conrelid = any($1::oid[])
    and pg_constraint.confrelid = any($1::oid[])
order by pg_constraint.conrelid, pg_constraint.conname
