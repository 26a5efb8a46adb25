-- Tags that a station has
select id from stations where 'lit' = any (tags) and tags @> array['covered'] order by id;
-- Tags in common
select id, tags && array['metro', 'lit'] as some, tags <@ array['lit', 'covered', 'metro'] as only, cardinality(tags) from stations order by id;
-- Elements and slices
select id, gears[1], gears[2:3], gears[array_upper(gears, 1)], array_length(gears, 1) from bikes order by id limit 10;
-- Unnested and counted
select tag, count(*) from stations, unnest(tags) as tag group by tag order by 2 desc, 1;
-- Unnested in the list of outputs
select id, unnest(parts) as part from repairs order by id, part limit 40;
-- An array of a query
select s.id, array(select b.id from bikes b where b.id % 12 = s.id order by 1) as bikes from stations s order by s.id;
-- Positions and changes
select array_position(gears, 7), array_append(gears, 9), array_remove(gears, 7), array_cat(gears, gears), gears || 4 from bikes order by id limit 5;
-- Comparison with all
select id from bikes where price > all (array[400, 500, 600]) and id <> all (array[1, 2]) order by id;
-- Two dimensions
select (array[[1, 2], [3, 4]])[2][1] as cell, array_dims(array[[1, 2], [3, 4]]) as dims;
-- A series of numbers
select n, n * n as square from generate_series(1, 10) as n order by n;
-- A calendar without gaps
select d::date as day, count(t.id) from generate_series(timestamptz '2024-01-01 00:00+00', timestamptz '2024-01-31 00:00+00', interval '1 day') as d left join trips t on t.began >= d and t.began < d + interval '1 day' group by d order by d;
-- Words of the notes
select word, count(*) from trips, regexp_split_to_table(notes, '\s+') as word where word <> '' group by word order by 2 desc, 1 limit 15;
-- Every match
select r.id, m.m[1] as digits from riders r, regexp_matches(r.email, '\d', 'g') as m(m) order by 1, 2 limit 30;
-- Array of rows by order
select rider_id, (array_agg(id order by began desc))[1:3] as latest from trips group by rider_id order by rider_id;
