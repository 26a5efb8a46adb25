-- Sales of one category in all channels together, in one month and time zone.
select i_item_id, sum(total_sales) total_sales
from (select i_item_id, ss_ext_sales_price as total_sales
      from store_sales, date_dim, customer_address, item
      where i_category in ('Music') and ss_item_sk = i_item_sk and ss_sold_date_sk = d_date_sk and d_moy = 9 and ss_addr_sk = ca_address_sk and ca_gmt_offset = -5
      union all
      select i_item_id, cs_ext_sales_price
      from catalog_sales, date_dim, customer_address, item
      where i_category in ('Music') and cs_item_sk = i_item_sk and cs_sold_date_sk = d_date_sk and d_moy = 9 and cs_bill_addr_sk = ca_address_sk and ca_gmt_offset = -5
      union all
      select i_item_id, ws_ext_sales_price
      from web_sales, date_dim, customer_address, item
      where i_category in ('Music') and ws_item_sk = i_item_sk and ws_sold_date_sk = d_date_sk and d_moy = 9 and ws_bill_addr_sk = ca_address_sk and ca_gmt_offset = -5) tmp1
group by i_item_id
order by i_item_id, total_sales
limit 100;
