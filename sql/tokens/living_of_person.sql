-- The tokens of a person that still live. When each last read is looked up among the newest calls alone, so that it costs
-- the same however many there are.
with lately as materialized (
    select client_id, profile, max(at) as at
    from (
        select call.client_id, call.profile, call.at
        from portcullis.calls as call
        where call.person_id = $1
        order by call.id desc
        limit 2000
    ) as newest
    group by client_id, profile
)
select
    token.id,
    token.profile,
    client.id as client_id,
    client.name as client,
    coalesce(source.left_out, '{}') as "left_out!",
    token.issued_at,
    token.expires_at,
    lately.at as "called_at?"
from portcullis.tokens as token
join portcullis.clients as client on client.id = token.client_id
left join portcullis.grants as source on source.id = token.grant_id
left join lately
    on lately.client_id = token.client_id
    and lately.profile = token.profile
    and lately.at >= token.issued_at
where token.person_id = $1
  and token.revoked_at is null
  and token.expires_at > $2
order by coalesce(lately.at, token.issued_at) desc
limit $3
