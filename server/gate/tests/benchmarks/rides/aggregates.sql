-- Trips and revenue by month
select date_trunc('month', began) as month, count(*) as trips, sum(fare) as revenue from trips group by 1 order by 1;
-- Share of unrated trips
select round(100.0 * count(*) filter (where stars is null) / count(*), 2) as unrated from trips;
-- Median and ninetieth percentile of distance
select percentile_cont(0.5) within group (order by km) as median, percentile_disc(0.9) within group (order by km) as p90 from trips;
-- Several percentiles at once
select percentile_cont(array[0.25, 0.5, 0.75]) within group (order by fare) from trips;
-- The most common number of stars
select mode() within group (order by stars) from trips;
-- Every district and plan, with subtotals
select s.district, r.plan, grouping(s.district, r.plan) as level, count(*) from trips t join stations s on s.id = t.from_station join riders r on r.id = t.rider_id group by cube (s.district, r.plan) order by level, 1, 2;
-- Subtotals of chosen sets
select model, retired, count(*), sum(price) from bikes group by grouping sets ((model, retired), (model), ()) order by 1 nulls last, 2 nulls last;
-- Rolled up by year, quarter and month
select extract(year from began) as y, extract(quarter from began) as q, extract(month from began) as m, sum(fare) from trips group by rollup (1, 2, 3) order by 1, 2, 3;
-- Spread of prices
select model, min(price), max(price), round(avg(price), 2), round(stddev_samp(price), 4), round(var_pop(price), 4) from bikes group by model order by model;
-- Correlation of wind and fares
select round(corr(w.wind, t.fare)::numeric, 6), round(regr_slope(t.fare, w.wind)::numeric, 6) from trips t join weather w on w.day = t.began::date;
-- All and any
select model, bool_and(retired), bool_or(retired), every(price > 300) from bikes group by model order by 1;
-- Names in one line
select district, string_agg(name, ', ' order by name desc) from stations group by district order by district;
-- Distinct values in an array
select district, array_agg(distinct capacity order by capacity) from stations group by district order by 1;
-- The best of each with having
select bike_id, avg(stars) from trips where stars is not null group by bike_id having avg(stars) > (select avg(stars) from trips) and count(*) >= 3 order by 2 desc, 1;
-- A histogram
select width_bucket(km, 0, 15, 5) as bucket, count(*), min(km), max(km) from trips group by bucket order by bucket;
-- Bits of what was seen
select bit_or(stars), bit_and(stars), bit_xor(id::int) from trips where stars is not null;
-- Objects of aggregates
select district, jsonb_object_agg(name, capacity order by name) from stations group by district order by district;
-- Documents in an array
select plan, json_agg(json_build_object('id', id, 'name', name) order by id) from riders where id < 10 group by plan order by plan;
-- The hypothetical rank of a price
select rank(500) within group (order by price desc), dense_rank(500) within group (order by price desc), cume_dist(500) within group (order by price) from bikes;
-- Ranges merged
select plan, range_agg(valid), min(lower(valid)), max(upper(valid)) from prices group by plan order by plan;
-- Counting pairs
select count(distinct (bike_id, rider_id)) as pairs, count(distinct bike_id) as bikes from trips;
-- Group by an expression and its label
select case when km < 5 then 'short' when km < 10 then 'middle' else 'long' end as length, count(*) from trips group by length order by length;
