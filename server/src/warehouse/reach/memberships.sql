-- What the given roles were made members of, and where that leads.
select
    member.rolname::text as member,
    granted.rolname::text as name,
    array(
        select other.rolname::text
        from pg_catalog.pg_roles as other
        where pg_has_role(granted.oid, other.oid, 'member')
        order by other.rolname
    ) as leads_to
from pg_catalog.pg_auth_members
join pg_catalog.pg_roles as granted on granted.oid = pg_auth_members.roleid
join pg_catalog.pg_roles as member on member.oid = pg_auth_members.member
where member.rolname = any($1::text[])
group by member.rolname, granted.oid, granted.rolname
order by member.rolname, granted.rolname
