-- Trips by hour of the day in a zone
select extract(hour from began at time zone 'Europe/Zurich')::int as hour, count(*) from trips group by 1 order by 1;
-- By weekday
select to_char(began at time zone 'UTC', 'Dy') as weekday, extract(isodow from began at time zone 'UTC') as n, count(*) from trips group by 1, 2 order by 2;
-- Length of trips in minutes
select id, round(extract(epoch from ended - began) / 60, 1) as minutes from trips where ended is not null order by id limit 30;
-- Age when joining
select id, extract(year from age(joined::date, born)) as years from riders order by id;
-- Quarter of an hour buckets
select date_bin('15 minutes', began, timestamptz '2024-01-01 00:00+00') as slot, count(*) from trips group by slot order by slot limit 40;
-- Trips that overlap a window
select id from trips where (began, ended) overlaps (timestamptz '2024-02-01 00:00+00', interval '5 days') order by id;
-- The last day of each month
select distinct (date_trunc('month', day) + interval '1 month - 1 day')::date as last from weather order by last;
-- Days since the bike was bought
select id, date '2024-12-31' - bought as days, bought + 30 as plus_month, bought - interval '1 year' as before from bikes order by id;
-- ISO week
select extract(isoyear from day) as y, extract(week from day) as w, sum(rain) from weather group by 1, 2 order by 1, 2 limit 30;
-- Made of parts
select make_date(2024, 2, 29) as leap, make_interval(days => 3, hours => 4) as span, make_timestamptz(2024, 1, 2, 3, 4, 5.5, 'UTC') at time zone 'UTC' as moment;
-- Between two days
select count(*) from trips where began between date '2024-03-01' and date '2024-03-31' + interval '1 day';
-- Literals of every sort
select date '2024-01-31', time '12:30', timestamp '2024-01-31 12:30:00', interval '1 year 2 mons', interval '90' minute, interval '1-2' year to month;
-- Words for dates
select to_char(day, 'YYYY-MM-DD'), to_char(day, 'FMDay DDth FMMonth'), to_date('05 Dec 2024', 'DD Mon YYYY') from weather order by day limit 7;
-- Justified intervals
select id, justify_interval(downtime * 10), date_part('hour', downtime), downtime > interval '1 day' as long from repairs order by id limit 30;
-- Time zones of a moment
select began at time zone 'America/New_York' as ny, began at time zone 'Asia/Tokyo' as tokyo from trips order by id limit 10;
-- Cohorts by month of joining
select date_trunc('month', r.joined) as cohort, (extract(year from t.began) - extract(year from r.joined)) * 12 + extract(month from t.began) - extract(month from r.joined) as months, count(distinct r.id) from riders r join trips t on t.rider_id = r.id group by 1, 2 order by 1, 2 limit 80;
-- Epochs and back
select id, extract(epoch from joined)::bigint as epoch, to_timestamp(extract(epoch from joined)) = joined as same from riders order by id limit 20;
-- Fields of a date
select extract(doy from day), extract(dow from day), extract(decade from day), extract(century from day), extract(millennium from day), extract(julian from day) from weather order by day limit 5;
