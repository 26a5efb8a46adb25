-- Profit and loss of what was bought in a store, brought back, and bought again by catalog.
select i_item_id, s_store_id, s_store_name, sum(ss_net_profit) as store_sales_profit, sum(sr_net_loss) as store_returns_loss,
       sum(cs_net_profit) as catalog_sales_profit
from store_sales, store_returns, catalog_sales, date_dim d1, date_dim d2, store, item
where d1.d_moy between 1 and 6 and d1.d_date_sk = ss_sold_date_sk
  and i_item_sk = ss_item_sk and s_store_sk = ss_store_sk
  and ss_item_sk = sr_item_sk and sr_returned_date_sk = d2.d_date_sk and d2.d_moy between 4 and 10
  and sr_customer_sk = cs_bill_customer_sk
group by i_item_id, s_store_id, s_store_name
order by i_item_id, s_store_id, s_store_name
limit 100;
