-- Prices in force on a day
select plan, monthly from prices where valid @> date '2023-06-15' order by plan, monthly;
-- Trips at one moment
select id from trips where period @> timestamptz '2024-02-10 12:00+00' or period && tstzrange('2024-02-01 00:00+00', '2024-02-03 00:00+00') order by id;
-- Bounds
select id, lower(valid), upper(valid), upper_inc(valid), isempty(valid), upper(valid) - lower(valid) as days from prices order by id;
-- Neighbours
select a.id, b.id from prices a join prices b on a.plan = b.plan and a.valid -|- b.valid and a.id < b.id order by 1, 2;
-- Before and after
select id, valid << daterange('2024-01-01', '2024-02-01') as before, valid &< daterange('2023-05-01', '2023-06-01') as not_beyond from prices order by id;
-- Made ranges
select int4range(1, 5), numrange(1.5, 2.5, '[]') * numrange(2, 3), daterange('2024-01-01', null), int4range(1, 3) + int4range(3, 6) as union_;
-- Multiranges
select '{[1,3), [5,8)}'::int4multirange @> 6 as inside, range_merge('{[1,3), [5,8)}'::int4multirange) as whole;
-- Addresses of a network
select id, host(last_ip), last_ip << inet '10.0.1.0/24' as in_net from riders where family(last_ip) = 4 order by id limit 20;
-- Points and distances
select a.id, round((a.place <-> point '(0,0)')::numeric, 3) as distance from stations a order by distance, a.id;
-- Inside a box
select id from stations where place <@ box '((0,0),(2,2))' order by id;
