-- Each day's web and catalog sales compared with those of the same week a year later.
with wscs as (
  select sold_date_sk, sales_price
  from (select ws_sold_date_sk sold_date_sk, ws_ext_sales_price sales_price from web_sales
        union all
        select cs_sold_date_sk, cs_ext_sales_price from catalog_sales) x
), by_week as (
  select d_week_seq,
         sum(case when d_day_name = 'Sunday' then sales_price else null end) sun,
         sum(case when d_day_name = 'Monday' then sales_price else null end) mon,
         sum(case when d_day_name = 'Saturday' then sales_price else null end) sat
  from wscs, date_dim
  where d_date_sk = sold_date_sk
  group by d_week_seq
)
select this_week, round(this_sun / later_sun, 2), round(this_mon / later_mon, 2), round(this_sat / later_sat, 2) as sat_ratio
from (select by_week.d_week_seq this_week, sun this_sun, mon this_mon, sat this_sat
      from by_week, date_dim
      where date_dim.d_week_seq = by_week.d_week_seq and d_year = 1999) y,
     (select by_week.d_week_seq later_week, sun later_sun, mon later_mon, sat later_sat
      from by_week, date_dim
      where date_dim.d_week_seq = by_week.d_week_seq and d_year = 1999 + 1) z
where this_week = later_week - 53
order by this_week, 2, 3, 4;
