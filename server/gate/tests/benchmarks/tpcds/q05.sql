-- Sales, returns and profit of two weeks in every channel, with subtotals.
with in_stores as (
  select s_store_id, sum(sales_price) as sales, sum(profit) as profit, sum(return_amt) as returns, sum(net_loss) as profit_loss
  from (select ss_store_sk as place, ss_sold_date_sk as day_sk, ss_ext_sales_price as sales_price, ss_net_profit as profit,
               cast(0 as decimal(7,2)) as return_amt, cast(0 as decimal(7,2)) as net_loss
        from store_sales
        union all
        select sr_store_sk, sr_returned_date_sk, cast(0 as decimal(7,2)), cast(0 as decimal(7,2)), sr_return_amt, sr_net_loss
        from store_returns) both_ways, date_dim, store
  where day_sk = d_date_sk
    and d_date between cast('2000-08-23' as date) and (cast('2000-08-23' as date) + interval '90 days')
    and place = s_store_sk
  group by s_store_id
), by_catalog as (
  select cp_catalog_page_id, sum(cs_ext_sales_price) as sales, sum(cs_net_profit) as profit, cast(0 as numeric) as returns,
         cast(0 as numeric) as profit_loss
  from catalog_sales, date_dim, catalog_page
  where cs_sold_date_sk = d_date_sk
    and d_date between cast('2000-08-23' as date) and (cast('2000-08-23' as date) + 90)
    and cs_catalog_page_sk = cp_catalog_page_sk
  group by cp_catalog_page_id
)
select channel, id, sum(sales) as sales, sum(returns) as returns, sum(profit) as profit
from (select 'store channel' as channel, 'store' || s_store_id as id, sales, returns, (profit - profit_loss) as profit
      from in_stores
      union all
      select 'catalog channel' as channel, 'catalog_page' || cp_catalog_page_id as id, sales, returns, (profit - profit_loss)
      from by_catalog) x
group by rollup (channel, id)
order by channel, id
limit 100;
