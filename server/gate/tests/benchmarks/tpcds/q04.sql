-- Customers whose spending by catalog grew faster than in the stores and on the web.
with yearly as (
  select c_customer_id customer_id, c_first_name first_name, c_last_name last_name, d_year dyear, 's' sale_type,
         sum(((ss_ext_list_price - ss_ext_wholesale_cost - ss_ext_discount_amt) + ss_ext_sales_price) / 2) year_total
  from customer, store_sales, date_dim
  where c_customer_sk = ss_customer_sk and ss_sold_date_sk = d_date_sk
  group by c_customer_id, c_first_name, c_last_name, d_year
  union all
  select c_customer_id, c_first_name, c_last_name, d_year, 'c',
         sum((((cs_ext_list_price - cs_ext_wholesale_cost - cs_ext_discount_amt) + cs_ext_sales_price) / 2))
  from customer, catalog_sales, date_dim
  where c_customer_sk = cs_bill_customer_sk and cs_sold_date_sk = d_date_sk
  group by c_customer_id, c_first_name, c_last_name, d_year
  union all
  select c_customer_id, c_first_name, c_last_name, d_year, 'w',
         sum((((ws_ext_list_price - ws_ext_wholesale_cost - ws_ext_discount_amt) + ws_ext_sales_price) / 2))
  from customer, web_sales, date_dim
  where c_customer_sk = ws_bill_customer_sk and ws_sold_date_sk = d_date_sk
  group by c_customer_id, c_first_name, c_last_name, d_year
)
select s2.customer_id, s2.first_name, s2.last_name
from yearly s1, yearly s2, yearly c1, yearly c2, yearly w1, yearly w2
where s2.customer_id = s1.customer_id and s1.customer_id = c2.customer_id and s1.customer_id = c1.customer_id
  and s1.customer_id = w1.customer_id and s1.customer_id = w2.customer_id
  and s1.sale_type = 's' and c1.sale_type = 'c' and w1.sale_type = 'w'
  and s2.sale_type = 's' and c2.sale_type = 'c' and w2.sale_type = 'w'
  and s1.dyear = 2000 and s2.dyear = 2000 + 1
  and c1.dyear = 2000 and c2.dyear = 2000 + 1
  and w1.dyear = 2000 and w2.dyear = 2000 + 1
  and s1.year_total <> 0 and c1.year_total <> 0 and w1.year_total <> 0
  and case when c1.year_total > 0 then c2.year_total / c1.year_total else null end
      > case when s1.year_total > 0 then s2.year_total / s1.year_total else null end
order by s2.customer_id, s2.first_name, s2.last_name
limit 100;
