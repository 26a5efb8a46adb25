-- Every fact that decides about a bearer, in one statement: it is asked again on each request. Requests that come at once
-- are asked about together, each in its place.
select
    asked.place as "place!",
    token.id as token_id,
    token.profile,
    token.profile_is_chosen,
    token.scope,
    token.audience,
    token.expires_at,
    coalesce(token.revoked_at, source.revoked_at) as "revoked_at?",
    -- A person who signs out ends everything at one instant, their session first.
    case
        when token.revoked_at is null then false
        else exists (
            select
            from portcullis.sessions as session
            where session.person_id = token.person_id
              and session.ended_at = token.revoked_at
        )
    end as "is_signed_out!",
    source.redirect_uri as "redirect?",
    coalesce(source.left_out, '{}') as "left_out!",
    person.id as person_id,
    person.username,
    person.email,
    person.attributes,
    person.active,
    person.staff,
    client.id as client_id,
    client.kind as client_kind,
    client.identifier as client_identifier,
    client.name as client,
    client.disabled_at is not null as "client_is_disabled!",
    array(
        select assignment.profile
        from portcullis.assignments as assignment
        where assignment.person_id = token.person_id
          and assignment.ended_at is null
    ) as "held!",
    exists (
        select
        from portcullis.factors as factor
        where factor.person_id = token.person_id
    ) as "is_enrolled!",
    exists (
        select
        from portcullis.sessions as session
        where session.person_id = token.person_id
          and session.ended_at is null
          and session.signed_in_at is not null
          and session.seen_at > $3
          and session.began_at > $4
    ) as "has_session!",
    exists (
        select
        from portcullis.pauses as pause
        where pause.ended_at is null
          and (pause.kind, pause.key) in (
              ('everything', ''),
              ('profile', token.profile),
              ('person', token.person_id::text),
              ('client', token.client_id::text),
              ('token', token.id::text)
          )
    ) as "is_paused!",
    exists (
        select
        from portcullis.counters as counter
        where counter.kind = 'bad_token'
          and counter.network = asked.network
          and counter.count >= $5
          and counter.began_at > $6
    ) as "is_blocked!"
-- The limit takes nothing away. Without it the planner takes a list that it does not know yet for one of ten, thinks a plan
-- for all times dear, and plans anew on each request: that took eight times as long as the rest.
from (
    select hash, network, place
    from unnest($1::bytea[], $2::inet[]) with ordinality as presented (hash, network, place)
    limit cardinality($1::bytea[])
) asked
join portcullis.tokens as token on token.hash = asked.hash
join portcullis.people as person on person.id = token.person_id
join portcullis.clients as client on client.id = token.client_id
left join portcullis.grants as source on source.id = token.grant_id
