-- Sales of things of three colours in all channels together.
with coloured as (
  select i_item_sk, i_item_id from item where i_item_id in (select i_item_id from item where i_color in ('khaki', 'blue', 'peach'))
), ss as (
  select i_item_id, sum(ss_ext_sales_price) total_sales from store_sales, coloured where ss_item_sk = i_item_sk group by i_item_id
), cs as (
  select i_item_id, sum(cs_ext_sales_price) total_sales from catalog_sales, coloured where cs_item_sk = i_item_sk group by i_item_id
), ws as (
  select i_item_id, sum(ws_ext_sales_price) total_sales from web_sales, coloured where ws_item_sk = i_item_sk group by i_item_id
)
select i_item_id, sum(total_sales) total_sales
from (select * from ss union all select * from cs union all select * from ws) tmp1
group by i_item_id
order by total_sales, i_item_id
limit 100;
