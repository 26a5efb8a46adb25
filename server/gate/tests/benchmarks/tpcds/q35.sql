-- Dependants of customers of several channels.
select ca_state, cd_gender, cd_marital_status, cd_dep_count, count(*) cnt1, min(cd_dep_count), max(cd_dep_count), avg(cd_dep_count),
       cd_dep_employed_count, count(*) cnt2, stddev_samp(cd_dep_employed_count), sum(cd_dep_employed_count)
from customer c, customer_address ca, customer_demographics
where c.c_current_addr_sk = ca.ca_address_sk and cd_demo_sk = c.c_current_cdemo_sk
  and exists (select * from store_sales, date_dim where c.c_customer_sk = ss_customer_sk and ss_sold_date_sk = d_date_sk and d_qoy < 4)
  and (exists (select * from web_sales where c.c_customer_sk = ws_bill_customer_sk)
       or exists (select * from catalog_sales where c.c_customer_sk = cs_ship_customer_sk))
group by ca_state, cd_gender, cd_marital_status, cd_dep_count, cd_dep_employed_count
order by ca_state, cd_gender, cd_marital_status, cd_dep_count, cd_dep_employed_count
limit 100;
