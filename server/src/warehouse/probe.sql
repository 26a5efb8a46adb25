-- Who we are behind the role that was entered, and what that one can do besides.
select
    session_user::text as login,
    array(
        select pg_roles.rolname::text
        from pg_catalog.pg_roles
        where pg_roles.rolname in (session_user, current_user)
            and (pg_roles.rolsuper or pg_roles.rolbypassrls)
        order by pg_roles.rolname = current_user
    ) as mighty,
    (select pg_roles.rolinherit from pg_catalog.pg_roles where pg_roles.rolname = session_user) as inherits,
    array(
        select granted.rolname::text
        from pg_catalog.pg_auth_members
        join pg_catalog.pg_roles as granted on granted.oid = pg_auth_members.roleid
        join pg_catalog.pg_roles as member on member.oid = pg_auth_members.member
        where member.rolname = session_user and granted.rolname <> current_user
        order by granted.rolname
    ) as others,
    exists (
        select
        from pg_catalog.pg_class
        join pg_catalog.pg_roles on pg_roles.oid = pg_class.relowner
        where pg_roles.rolname = session_user
    ) as owns
