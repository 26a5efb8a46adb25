-- Weekly sales of each store beside those of a year before.
with wss as (
  select d_week_seq, ss_store_sk,
         sum(case when (d_day_name = 'Sunday') then ss_sales_price else null end) sun_sales,
         sum(case when (d_day_name = 'Friday') then ss_sales_price else null end) fri_sales
  from store_sales, date_dim
  where d_date_sk = ss_sold_date_sk
  group by d_week_seq, ss_store_sk
)
select s_store_name1, s_store_id1, d_week_seq1, sun_sales1 / sun_sales2, fri_sales1 / fri_sales2
from (select s_store_name s_store_name1, wss.d_week_seq d_week_seq1, s_store_id s_store_id1, sun_sales sun_sales1, fri_sales fri_sales1
      from wss, store, date_dim d
      where d.d_week_seq = wss.d_week_seq and ss_store_sk = s_store_sk and d_month_seq between 1200 and 1200 + 11) y,
     (select s_store_name s_store_name2, wss.d_week_seq d_week_seq2, s_store_id s_store_id2, sun_sales sun_sales2, fri_sales fri_sales2
      from wss, store, date_dim d
      where d.d_week_seq = wss.d_week_seq and ss_store_sk = s_store_sk and d_month_seq between 1200 + 12 and 1200 + 23) x
where s_store_id1 = s_store_id2 and d_week_seq1 = d_week_seq2 - 52
order by s_store_name1, s_store_id1, d_week_seq1, 4, 5
limit 100;
