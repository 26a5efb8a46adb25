-- Trips with the names of both stations
select t.id, f.name as "from", s.name as "to" from trips t join stations f on f.id = t.from_station join stations s on s.id = t.to_station order by t.id limit 50;
-- Riders without a trip
select r.id, r.name from riders r left join trips t on t.rider_id = r.id where t.id is null order by r.id;
-- Riders whose referrer has a dearer plan
select r.id, b.id as by_id from riders r join riders b on b.id = r.referrer where (r.plan, b.plan) in (('day', 'month'), ('day', 'year'), ('month', 'year')) order by 1;
-- Stations that no trip starts from
select id, name from stations s where not exists (select 1 from trips t where t.from_station = s.id) order by id;
-- Bikes that were repaired and ridden on the same day
select distinct b.id, r.day from bikes b join repairs r on r.bike_id = b.id join trips t on t.bike_id = b.id and t.began::date = r.day order by 1, 2;
-- The last repair of each bike
select b.id, l.day, l.cost from bikes b left join lateral (select day, cost from repairs r where r.bike_id = b.id order by day desc, id desc limit 1) l on true order by b.id;
-- Two longest trips of each rider
select r.id, x.id as trip, x.km from riders r cross join lateral (select id, km from trips t where t.rider_id = r.id order by km desc, id limit 2) x order by r.id, x.km desc, trip;
-- Days with weather and no trips
select w.day from weather w full outer join (select distinct began::date as day from trips) t using (day) where t.day is null order by w.day limit 20;
-- Pairs of stations in one district
select a.id, b.id from stations a join stations b on a.district = b.district and a.id < b.id order by 1, 2;
-- Riders and their whole line of referrers, two deep
select r.id, p.id as parent, g.id as grandparent from riders r left join riders p on p.id = r.referrer left join riders g on g.id = p.referrer order by r.id;
-- Prices that were in force for a rider who joined
select r.id, p.monthly from riders r join prices p on p.plan = r.plan and p.valid @> r.joined::date order by 1, 2;
-- Natural join of two derived tables
select * from (select id as bike_id, model from bikes) b natural join (select bike_id, sum(cost) as spent from repairs group by bike_id) r order by bike_id;
-- Values as a small table
select d.district, d.manager, count(s.id) from (values ('north', 'Kim'), ('south', 'Lou'), ('west', 'Max')) as d(district, manager) left join stations s on s.district = d.district group by d.district, d.manager order by 1;
-- Semi join by a row of two
select id from trips where (bike_id, rider_id) in (select bike_id, rider_id from trips group by bike_id, rider_id having count(*) > 1) order by id limit 30;
-- Trips of riders without any five stars
select count(*) from trips t where t.rider_id not in (select rider_id from trips where stars = 5 and rider_id is not null);
