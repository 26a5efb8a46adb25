-- Customers whose web purchases grew faster than those in stores, by what they paid.
with year_total as (
  select c_customer_id customer_id, c_first_name customer_first_name, c_last_name customer_last_name, d_year as year, sum(ss_net_paid) year_total, 's' sale_type
  from customer, store_sales, date_dim
  where c_customer_sk = ss_customer_sk and ss_sold_date_sk = d_date_sk and d_year in (2001, 2001 + 1)
  group by c_customer_id, c_first_name, c_last_name, d_year
  union all
  select c_customer_id customer_id, c_first_name customer_first_name, c_last_name customer_last_name, d_year as year, sum(ws_net_paid) year_total, 'w' sale_type
  from customer, web_sales, date_dim
  where c_customer_sk = ws_bill_customer_sk and ws_sold_date_sk = d_date_sk and d_year in (2001, 2001 + 1)
  group by c_customer_id, c_first_name, c_last_name, d_year
)
select s2.customer_id, s2.customer_first_name, s2.customer_last_name
from year_total s1, year_total s2, year_total w1, year_total w2
where s2.customer_id = s1.customer_id and s1.customer_id = w2.customer_id and s1.customer_id = w1.customer_id
  and s1.sale_type = 's' and w1.sale_type = 'w' and s2.sale_type = 's' and w2.sale_type = 'w'
  and s1.year = 2001 and s2.year = 2001 + 1 and w1.year = 2001 and w2.year = 2001 + 1
  and s1.year_total > 0 and w1.year_total > 0
  and case when w1.year_total > 0 then w2.year_total / w1.year_total else null end
      > case when s1.year_total > 0 then s2.year_total / s1.year_total else null end
order by 1, 1, 1
limit 100;
