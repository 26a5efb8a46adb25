-- What the brands of some managers earned in one month.
select i_brand_id brand_id, i_brand brand, sum(ss_ext_sales_price) ext_price
from date_dim join store_sales on d_date_sk = ss_sold_date_sk join item on ss_item_sk = i_item_sk
where i_manager_id between 20 and 48 and d_moy = 11 and d_year = 1999
group by i_brand, i_brand_id
order by ext_price desc, i_brand_id
limit 100;
