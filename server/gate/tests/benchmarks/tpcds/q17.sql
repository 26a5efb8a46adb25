-- How much of what was bought in a store, brought back, and bought by catalog.
select i_item_id, i_item_desc, s_state,
       count(ss_quantity) as store_sales_quantitycount,
       avg(ss_quantity) as store_sales_quantityave,
       stddev_samp(ss_quantity) as store_sales_quantitystdev,
       stddev_samp(ss_quantity) / avg(ss_quantity) as store_sales_quantitycov,
       count(sr_return_quantity) as store_returns_quantitycount,
       count(cs_quantity) as catalog_sales_quantitycount,
       stddev_samp(cs_quantity) / nullif(avg(cs_quantity), 0) as catalog_sales_quantitycov
from store_sales, store_returns, catalog_sales, date_dim d1, date_dim d2, store, item
where d1.d_year in (1999, 2000) and d1.d_date_sk = ss_sold_date_sk
  and i_item_sk = ss_item_sk and s_store_sk = ss_store_sk
  and ss_item_sk = sr_item_sk
  and sr_returned_date_sk = d2.d_date_sk and d2.d_quarter_name in ('2000Q1', '2000Q2', '2000Q3')
  and sr_customer_sk = cs_bill_customer_sk
group by i_item_id, i_item_desc, s_state
order by i_item_id, i_item_desc, s_state
limit 100;
