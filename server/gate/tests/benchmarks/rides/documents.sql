-- Fields of documents
select id, meta ->> 'docks' as docks, (meta -> 'owner') ->> 'name' as owner, meta #>> '{codes,0}' as code from stations order by id;
-- Conditions on documents
select id from stations where meta @> '{"power": true}' and meta ? 'docks' and (meta ->> 'docks')::int > 2 order by id;
-- Paths
select id, jsonb_path_query_first(report, '$.steps[last]') as last, jsonb_path_exists(report, '$.steps[*] ? (@ like_regex "fix")') from repairs order by id limit 20;
-- Path predicates
select count(*) from repairs where report @? '$ ? (@.ok == true)' and report @@ '$.by == "kim"';
-- Elements of an array in a document
select r.id, e.value ->> 'x' as x from trips r, jsonb_array_elements(r.route) e where r.id < 20 order by r.id, x;
-- Elements with their place
select s.id, c.code, c.place from stations s cross join lateral jsonb_array_elements_text(s.meta -> 'codes') with ordinality as c(code, place) order by 1, 3;
-- Keys and values
select s.id, e.key, e.value from stations s, jsonb_each_text(s.meta) as e where e.key <> 'codes' order by 1, 2;
-- Keys in the list of outputs
select distinct jsonb_object_keys(meta) as key from stations order by key;
-- Built documents
select jsonb_build_object('id', id, 'tags', tags) || '{"x": 1}'::jsonb from stations order by id;
-- Changed documents
select jsonb_set(meta, '{owner,name}', '"nobody"'), meta - 'codes', meta #- '{owner,name}' from stations order by id limit 3;
-- Types of values
select jsonb_typeof(meta -> 'codes'), jsonb_array_length(meta -> 'codes'), jsonb_typeof(meta -> 'power') from stations where id = 1;
-- Sum over an array in a document
select t.id, (select sum((p ->> 'x')::int) from jsonb_array_elements(t.route) as p) as total from trips t order by t.id limit 30;
-- Rows as documents, column by column
select json_build_object('id', r.id, 'city', r.address ->> 'city') as doc from riders r order by r.id limit 5;
-- Comparing documents
select count(*) from stations a join stations b on a.meta -> 'owner' = b.meta -> 'owner' and a.id < b.id;
-- Null in documents
select '{"a": null}'::jsonb -> 'a' is null as missing, '{"a": null}'::jsonb ->> 'a' is null as empty, jsonb_strip_nulls('{"a": null, "b": 1}');
