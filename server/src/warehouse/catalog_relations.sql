-- What there is under each declared name; names are looked up in pg_catalog alone, as the guard has set the path.
select
    pg_class.oid as id,
    pg_class.relkind::text as kind,
    coalesce(has_schema_privilege(pg_namespace.oid, 'usage'), false) as open,
    obj_description(pg_class.oid, 'pg_class') as comment,
    case
        when pg_class.relkind = 'p' then (
            select sum(leaf.reltuples)
            from pg_partition_tree(pg_class.oid) as tree
            join pg_catalog.pg_class as leaf on leaf.oid = tree.relid
            where tree.isleaf and leaf.reltuples >= 0
        )
        when pg_class.relkind <> 'v' and pg_class.reltuples >= 0 then pg_class.reltuples
    end::double precision as estimated_rows
from unnest($1::text[], $2::text[]) with ordinality as declared (schema, name, place)
left join pg_catalog.pg_namespace on pg_namespace.nspname = declared.schema
left join pg_catalog.pg_class on pg_class.relnamespace = pg_namespace.oid and pg_class.relname = declared.name
order by declared.place
