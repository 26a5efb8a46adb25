-- One row for each, the newest
select distinct on (rider_id) rider_id, id, began from trips order by rider_id, began desc;
-- Distinct on an expression
select distinct on (date_trunc('month', began)) date_trunc('month', began) as month, id from trips order by 1, km desc, id;
-- Union of two
select name, 'station' as kind from stations union all select name, 'rider' from riders where id < 5 order by kind, name;
-- What both have and what one lacks
(select bike_id from trips intersect select bike_id from repairs) except select id from bikes where retired order by 1;
-- Precedence of set operations
select 1 as n union select 2 intersect select 2 union all select 3 order by n desc;
-- Brackets around set operations
(select id from bikes order by id limit 2) union all (select id from riders order by id desc limit 2) order by 1;
-- Members that use each other
with busy as (select bike_id, count(*) as n from trips group by bike_id), best as materialized (select bike_id from busy where n > 10) select b.model, count(*) from best join bikes b on b.id = best.bike_id group by b.model order by 1;
-- Members within members
with a as (with b as not materialized (select id from bikes where retired) select count(*) as n from b) select n, (select max(n) from a) from a;
-- A member with new names
with spend(bike, amount) as (select bike_id, sum(cost) from repairs group by 1) select bike, amount from spend where amount > 300 order by 2 desc, 1;
-- Scalar subqueries in every clause
select s.name, (select count(*) from trips t where t.from_station = s.id) as starts from stations s where s.capacity > (select avg(capacity) from stations) order by (select count(*) from trips t where t.to_station = s.id) desc, s.name;
-- A subquery in a subquery in from
select avg(n) from (select count(*) as n from (select distinct rider_id, began::date from trips) d group by rider_id) x;
-- Lateral on lateral
select b.id, x.n, y.half from bikes b, lateral (select count(*) as n from trips t where t.bike_id = b.id) x, lateral (select x.n / 2 as half) y order by b.id;
-- A hierarchy with its depth
with recursive tree as (select id, title, parent, 1 as depth, title as path from parts where parent is null union all select p.id, p.title, p.parent, t.depth + 1, t.path || ' / ' || p.title from parts p join tree t on p.parent = t.id where t.depth < 10) select id, depth, path from tree order by path, id;
-- Numbers by recursion
with recursive n(i, sum) as (select 1, 1 union all select i + 1, sum + i + 1 from n where i < 12) select i, sum from n order by i;
-- Pages by number
select id, name from riders order by id limit 5 offset 10;
-- Pages as the standard has them
select id, name from riders order by id offset 5 rows fetch next 5 rows only;
-- Every column
select b.*, r.day from bikes b join repairs r on r.bike_id = b.id order by r.id limit 5;
-- Every column of a derived table
select * from (select id, km * 2 as twice from trips where km > 14) t order by id;
-- A full join with a merged column
select day, w.high, t.n from weather w full join (select began::date as day, count(*) as n from trips group by 1) t using (day) where day < date '2024-01-20' order by day;
-- Sorting by what is not shown
select name from stations order by capacity * -1, lower(name), id;
-- Grouping by the number of an output
select length(notes), count(*) from trips group by 1 order by 2 desc, 1 nulls first limit 5;
