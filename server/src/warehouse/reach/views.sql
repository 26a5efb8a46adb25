-- Whatever stands in the schema of a profile's views. What a view reads are the relations that its rule depends on.
select
    pg_get_userbyid(pg_namespace.nspowner)::text as schema_owner,
    pg_class.relname::text as name,
    pg_get_userbyid(pg_class.relowner)::text as owner,
    obj_description(pg_class.oid, 'pg_class') as comment,
    case
        when pg_class.relkind = 'v' then encode(sha256(convert_to(pg_get_viewdef(pg_class.oid), 'UTF8')), 'hex')
    end as printed,
    exists (
        select
        from pg_options_to_table(pg_class.reloptions) as option (name, value)
        where option.name = 'security_barrier' and option.value::boolean
    ) as has_barrier,
    exists (
        select
        from pg_options_to_table(pg_class.reloptions) as option (name, value)
        where option.name = 'security_invoker' and option.value::boolean
    ) as reads_as_asker,
    array(
        select distinct format('%s.%s', home.nspname, beneath.relname)
        from pg_catalog.pg_rewrite
        join pg_catalog.pg_depend
            on pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
            and pg_depend.objid = pg_rewrite.oid
            and pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
            and pg_depend.refobjid <> pg_class.oid
        join pg_catalog.pg_class as beneath on beneath.oid = pg_depend.refobjid
        join pg_catalog.pg_namespace as home on home.oid = beneath.relnamespace
        where pg_rewrite.ev_class = pg_class.oid
        order by 1
    ) as reads
from pg_catalog.pg_namespace
left join pg_catalog.pg_class
    on pg_class.relnamespace = pg_namespace.oid
    and pg_class.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
where pg_namespace.nspname = $1
order by pg_class.relname
