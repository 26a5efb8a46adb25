-- Running revenue
select id, fare, sum(fare) over (order by began, id) as so_far from trips order by id limit 40;
-- Seven days' mean
select day, avg(rain) over (order by day rows between 6 preceding and current row) as mean from weather order by day limit 60;
-- A range of days
select day, sum(rain) over (order by day range between interval '3 days' preceding and interval '1 day' following) from weather order by day limit 60;
-- Groups of peers
select id, stars, count(*) over (order by stars groups between 1 preceding and current row) from trips where stars is not null order by id limit 40;
-- Rank within a district
select district, name, capacity, rank() over w, dense_rank() over w, row_number() over (w rows unbounded preceding) from stations window w as (partition by district order by capacity desc) order by district, name;
-- The gap to the trip before
select id, began - lag(ended) over (partition by bike_id order by began) as idle from trips order by id limit 60;
-- First and last of each rider
select distinct rider_id, first_value(id) over w as first, last_value(id) over w as last, nth_value(id, 2) over w as second from trips window w as (partition by rider_id order by began rows between unbounded preceding and unbounded following) order by rider_id;
-- Quarters of the fleet
select id, price, ntile(4) over (order by price, id) as quarter, round(percent_rank() over (order by price)::numeric, 4), round(cume_dist() over (order by price)::numeric, 4) from bikes order by id;
-- Share of the district
select name, capacity, round(100.0 * capacity / sum(capacity) over (partition by district), 1) as share from stations order by name, id;
-- Change against the month before
with m as (select date_trunc('month', began) as month, sum(fare) as revenue from trips group by 1) select month, revenue, revenue - lag(revenue, 1, 0.0) over (order by month) as change, round(revenue / nullif(lag(revenue) over (order by month), 0) - 1, 4) as growth from m order by month;
-- Filtered window
select id, count(*) filter (where stars = 5) over (partition by bike_id order by id) from trips order by id limit 50;
-- Sessions by gaps of two days
select rider_id, session, count(*) from (select rider_id, sum(fresh) over (partition by rider_id order by began) as session from (select rider_id, began, case when began - lag(began) over (partition by rider_id order by began) > interval '20 days' then 1 else 0 end as fresh from trips) g) s group by 1, 2 order by 1, 2;
-- Top three by distance for each model
select * from (select b.model, t.id, t.km, row_number() over (partition by b.model order by t.km desc, t.id) as place from trips t join bikes b on b.id = t.bike_id) ranked where place <= 3 order by model, place;
-- A named window built on another
select id, sum(km) over (w order by id), count(*) over w from trips window w as (partition by bike_id) order by id limit 30;
-- Aggregates inside a window
select bike_id, sum(km) as far, rank() over (order by sum(km) desc) as place from trips group by bike_id order by place, bike_id;
-- Cumulative distinct days
select day, sum(case when rain > 0 then 1 else 0 end) over (order by day) as wet, max(high) over (order by day rows between 2 preceding and 2 following) from weather order by day limit 30;
