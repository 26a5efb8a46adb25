-- What the administrator of the warehouse could still make tighter.
select
    session_user::text as login,
    current_setting('temp_file_limit') = '-1' as unbounded_files,
    (select pg_roles.rolconnlimit from pg_catalog.pg_roles where pg_roles.rolname = session_user) as connections,
    array(
        select format('%s.%s', declared.schema, declared.name)
        from unnest($1::text[], $2::text[]) as declared (schema, name)
        join pg_catalog.pg_namespace on pg_namespace.nspname = declared.schema
        join pg_catalog.pg_class on pg_class.relnamespace = pg_namespace.oid and pg_class.relname = declared.name
        where pg_class.relkind = 'v'
            and not exists (
                select
                from pg_options_to_table(pg_class.reloptions) as option (name, value)
                where option.name = 'security_barrier' and option.value in ('true', 'on', 'yes', '1')
            )
            and pg_get_viewdef(pg_class.oid) ~ '\m(WHERE|JOIN|HAVING|EXCEPT|INTERSECT)\M'
        order by 1
    ) as leaky_views
