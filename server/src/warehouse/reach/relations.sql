-- The declared relations, and those that one of the roles may touch. A superuser may touch all; that says enough.
-- What everybody may read of the catalogues of PostgreSQL itself is left out.
with recursive role (id) as (
    select pg_roles.oid
    from pg_catalog.pg_roles
    where pg_roles.rolname = any($1::text[]) and not pg_roles.rolsuper
),
relation as (
    select
        pg_class.oid as id,
        pg_namespace.nspname as schema,
        pg_class.relname as name,
        pg_class.relkind as kind,
        pg_class.relowner as owner,
        exists (
            select
            from unnest($2::text[], $3::text[]) as declared (schema, name)
            where declared.schema = pg_namespace.nspname and declared.name = pg_class.relname
        ) as is_declared
    from pg_catalog.pg_class
    join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where pg_class.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
        and pg_namespace.nspname <> 'information_schema'
        and pg_namespace.nspname !~ '^pg_(toast|temp)'
),
-- Every view beneath a declared one, itself included, and what they read.
beneath (top, id) as (
    select relation.id, relation.id
    from relation
    where relation.is_declared and relation.kind in ('v', 'm')
    union
    select beneath.top, pg_depend.refobjid
    from beneath
    join pg_catalog.pg_rewrite on pg_rewrite.ev_class = beneath.id
    join pg_catalog.pg_depend
        on pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
        and pg_depend.objid = pg_rewrite.oid
        and pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
),
definition as (
    select
        beneath.top,
        encode(
            sha256(
                convert_to(
                    string_agg(
                        format(
                            '%s.%s (%s) as %s',
                            pg_namespace.nspname,
                            pg_class.relname,
                            array_to_string(pg_class.reloptions, ', '),
                            pg_get_viewdef(pg_class.oid)
                        ),
                        e'\n'
                        order by pg_namespace.nspname, pg_class.relname
                    ) filter (where pg_class.relkind in ('v', 'm')),
                    'UTF8'
                )
            ),
            'hex'
        ) as hash,
        bool_or(pg_namespace.nspname = 'portcullis') as shows_the_store
    from beneath
    join pg_catalog.pg_class on pg_class.oid = beneath.id
    join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
    group by beneath.top
)
select
    relation.id,
    relation.schema::text as schema,
    relation.name::text as name,
    relation.kind::text as kind,
    pg_get_userbyid(relation.owner)::text as owner,
    definition.hash as definition,
    coalesce(definition.shows_the_store, false)
        and exists (
            select
            from pg_catalog.pg_class
            join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
            where pg_namespace.nspname = 'portcullis' and pg_class.relname = 'attempts'
        ) as shows_the_store,
    array(
        select pg_attribute.attname::text
        from pg_catalog.pg_attribute
        where pg_attribute.attrelid = relation.id and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
        order by pg_attribute.attnum
    ) as columns,
    array(
        select format_type(pg_attribute.atttypid, pg_attribute.atttypmod)
        from pg_catalog.pg_attribute
        where pg_attribute.attrelid = relation.id and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
        order by pg_attribute.attnum
    ) as types
from relation
left join definition on definition.top = relation.id
where relation.is_declared
    or (
        relation.kind <> 'c'
        and (
            relation.schema <> 'pg_catalog'
            or not exists (
                select
                from pg_catalog.pg_class
                left join pg_catalog.pg_attribute
                    on pg_attribute.attrelid = pg_class.oid and pg_attribute.attacl is not null
                cross join lateral aclexplode(pg_class.relacl || pg_attribute.attacl) as entry
                where pg_class.oid = relation.id and entry.grantee = 0
            )
        )
        and exists (
            select
            from role
            where has_table_privilege(
                    role.id, relation.id, 'select, insert, update, delete, truncate, references, trigger'
                )
                or has_any_column_privilege(role.id, relation.id, 'select, insert, update, references')
                or case when relation.kind = 'S' then has_sequence_privilege(role.id, relation.id, 'usage') end
        )
    )
order by relation.schema, relation.name
