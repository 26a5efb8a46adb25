-- The share of each item in the catalog revenue of its class over a month.
select i_item_id, i_class, sum(cs_ext_sales_price) as itemrevenue,
       sum(cs_ext_sales_price) * 100 / sum(sum(cs_ext_sales_price)) over (partition by i_class) as revenueratio
from catalog_sales
join item on cs_item_sk = i_item_sk and i_category in ('Sports', 'Books', 'Home')
join date_dim on cs_sold_date_sk = d_date_sk
where d_date between cast('1999-02-22' as date) and (cast('1999-02-22' as date) + 30)
group by i_item_id, i_class
order by i_class, i_item_id, revenueratio
limit 100;
