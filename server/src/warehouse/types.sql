-- The types with the given numbers, and all types that they are made of.
with recursive needed (id) as (
    select unnest($1::oid[])
    union
    select part.id
    from needed
    join pg_catalog.pg_type on pg_type.oid = needed.id
    cross join lateral (
        select pg_type.typbasetype
        where pg_type.typtype = 'd'
        union all
        select pg_type.typelem
        where pg_type.typsubscript = 'pg_catalog.array_subscript_handler'::regproc
        union all
        select pg_attribute.atttypid
        from pg_catalog.pg_attribute
        where pg_type.typtype = 'c'
            and pg_attribute.attrelid = pg_type.typrelid
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
    ) as part (id)
)
select
    pg_type.oid as id,
    case
        when pg_type.typtype = 'd' then 'domain'
        when pg_type.typsubscript = 'pg_catalog.array_subscript_handler'::regproc then 'array'
        when pg_type.typtype = 'c' then 'composite'
        else 'plain'
    end as shape,
    case
        when pg_type.typtype = 'd' then array[pg_type.typbasetype]
        when pg_type.typsubscript = 'pg_catalog.array_subscript_handler'::regproc then array[pg_type.typelem]
        else array(
            select pg_attribute.atttypid
            from pg_catalog.pg_attribute
            where pg_type.typtype = 'c'
                and pg_attribute.attrelid = pg_type.typrelid
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
            order by pg_attribute.attnum
        )
    end as parts
from needed
join pg_catalog.pg_type on pg_type.oid = needed.id
