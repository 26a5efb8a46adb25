-- The columns of the given relations. A type is unfolded, domain by domain and array by array, to find what is beneath.
with recursive unfolded (relation, place, type, typmod, depth) as (
    select pg_attribute.attrelid, pg_attribute.attnum, pg_attribute.atttypid, pg_attribute.atttypmod, 0
    from pg_catalog.pg_attribute
    where pg_attribute.attrelid = any($1::oid[])
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
    union all
    select
        unfolded.relation,
        unfolded.place,
        case when pg_type.typtype = 'd' then pg_type.typbasetype else pg_type.typelem end,
        case when pg_type.typtype = 'd' then pg_type.typtypmod else -1 end,
        unfolded.depth + 1
    from unfolded
    join pg_catalog.pg_type on pg_type.oid = unfolded.type
    where pg_type.typtype = 'd'
        or pg_type.typsubscript = 'pg_catalog.array_subscript_handler'::regproc
),
base as (
    select distinct on (unfolded.relation, unfolded.place)
        unfolded.relation,
        unfolded.place,
        format_type(unfolded.type, unfolded.typmod) as type
    from unfolded
    join pg_catalog.pg_type on pg_type.oid = unfolded.type
    where pg_type.typtype <> 'd'
    order by unfolded.relation, unfolded.place, unfolded.depth
),
labels as (
    select
        unfolded.relation,
        unfolded.place,
        array_agg(pg_enum.enumlabel::text order by pg_enum.enumsortorder) as labels
    from unfolded
    join pg_catalog.pg_enum on pg_enum.enumtypid = unfolded.type
    group by unfolded.relation, unfolded.place
)
select
    pg_attribute.attrelid as relation,
    pg_attribute.attname::text as name,
    format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as data_type,
    base.type as base_type,
    not (pg_attribute.attnotnull or pg_type.typnotnull) as nullable,
    col_description(pg_attribute.attrelid, pg_attribute.attnum) as comment,
    coalesce(labels.labels, '{}') as enum_labels,
    array_position(pg_constraint.conkey, pg_attribute.attnum) as primary_key,
    has_column_privilege(pg_attribute.attrelid, pg_attribute.attnum, 'select') as granted
from pg_catalog.pg_attribute
join pg_catalog.pg_type on pg_type.oid = pg_attribute.atttypid
join base on base.relation = pg_attribute.attrelid and base.place = pg_attribute.attnum
left join labels on labels.relation = pg_attribute.attrelid and labels.place = pg_attribute.attnum
left join pg_catalog.pg_constraint on pg_constraint.conrelid = pg_attribute.attrelid and pg_constraint.contype = 'p'
where pg_attribute.attrelid = any($1::oid[])
    and pg_attribute.attnum > 0
    and not pg_attribute.attisdropped
order by pg_attribute.attrelid, pg_attribute.attnum
