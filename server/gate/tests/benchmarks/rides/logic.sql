-- Distinct from
select count(*) from trips where stars is distinct from 5 and notes is not distinct from '';
-- Rows compared
select id from trips where (km, fare) > (14, 5) and row(bike_id, rider_id) <> row(1, 1) order by id limit 20;
-- Truth of three kinds
select (stars > 3) is true as good, (stars > 3) is not false as maybe, (stars > 3) is unknown as unrated, count(*) from trips group by 1, 2, 3 order by 1, 2, 3;
-- Choices
select id, coalesce(stars, 0), nullif(notes, ''), greatest(km, fare), least(km, fare, 3) from trips order by id limit 20;
-- Nested cases
select id, case when stars is null then 'none' else case stars when 5 then 'best' when 1 then 'worst' else 'middle' end end as grade from trips order by id limit 20;
-- Between and in
select count(*) from trips where km between 2 and 4 or km not between 0 and 14 or stars in (1, 5) and bike_id not in (2, 3);
-- Exists in two ways
select r.id, exists (select 1 from trips t where t.rider_id = r.id and t.stars = 5) as happy, not exists (select 1 from trips t where t.rider_id = r.id and t.stars = 1) as calm from riders r order by 1;
-- Arithmetic
select 7 / 2 as whole, 7 / 2.0 as exact, 7 % 3 as rest, 2 ^ 10 as power, -2 ^ 2 as signed, |/ 16 as root, @ -5 as abs, 5 # 3 as bits, 1 << 4 as shifted, 6 & 3 | 8 as mixed, ~ 5 as flipped;
-- Rounding
select round(2.5), round(-1.234, 2), trunc(9.99), ceil(1.1), floor(-1.1), mod(9, 4), sign(-3), div(9, 2), gcd(12, 18), abs(-1.5);
-- Roots and angles
select round(sqrt(2)::numeric, 6), round(ln(10)::numeric, 6), log(100.0), round(exp(1)::numeric, 5), round(sin(pi() / 6)::numeric, 6), round(degrees(pi())::numeric, 2);
-- Casts of many kinds
select cast('42' as int), '3.7'::numeric::int, 'true'::boolean, '2024-02-29'::date::text, 1::text || 'x', '{1,2}'::int[], cast(1.005 as numeric(5, 2)), 'abc'::varchar(2), 5::bit(4);
-- Nulls counted
select num_nulls(stars, ended, notes), count(*) from trips group by 1 order by 1;
-- Some and all of a subquery
select id from bikes where price >= all (select price from bikes where model = 'Swift') or price < some (select price from bikes where model = 'Cargo' and id < 4) order by id;
