-- Months in which a brand's sales through a call center differ much from the mean.
with monthly as (
  select i_category, i_brand, cc_name, d_year, d_moy, sum(cs_sales_price) sum_sales,
         avg(sum(cs_sales_price)) over (partition by i_category, i_brand, cc_name, d_year) avg_monthly_sales,
         lag(sum(cs_sales_price)) over w psum,
         lead(sum(cs_sales_price)) over w nsum
  from item, catalog_sales, date_dim, call_center
  where cs_item_sk = i_item_sk and cs_sold_date_sk = d_date_sk and cc_call_center_sk = cs_call_center_sk
    and (d_year = 2000 or (d_year = 2000 - 1 and d_moy = 12) or (d_year = 2000 + 1 and d_moy = 1))
  group by i_category, i_brand, cc_name, d_year, d_moy
  window w as (partition by i_category, i_brand, cc_name order by d_year, d_moy)
)
select *
from monthly
where d_year = 2000 and avg_monthly_sales > 0
  and case when avg_monthly_sales > 0 then abs(sum_sales - avg_monthly_sales) / avg_monthly_sales else null end > 0.1
order by sum_sales - avg_monthly_sales, cc_name, d_moy, i_category, i_brand
limit 100;
