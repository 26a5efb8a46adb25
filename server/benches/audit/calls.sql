-- The same rows as the indexer makes, in one go.
truncate portcullis.calls;
drop index portcullis.calls_by_term;
insert into portcullis.calls
select
    id, at, person_id, person, profile, client_id, client, tool, decision, reason,
    case when decision <> 'refused' and k is not null then array['public.relation_' || k, 'public.order_items'] else '{}' end,
    row_count, byte_count, duration_us,
    array_to_tsvector(array_remove(array[
        h || 'U' || right(person_id::text, 12), h || 'P' || profile, h || 'C' || right(client_id::text, 12),
        h || 'N' || client, h || 'T' || tool, h || 'D' || decision, h || 'R' || reason,
        case when decision <> 'refused' then h || 'Fpublic.relation_' || k end,
        case when decision <> 'refused' and k is not null then h || 'Fpublic.order_items' end,
        case when k is not null then h || 'Wcity_' || city end
    ], null)) || coalesce(words, '')
from (select *, to_hex(stretch) as h from bench.calls) drawn
left join bench.words using (k, stretch)
order by n;
