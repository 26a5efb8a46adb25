-- Profit on parts with one colour in their name, by country of the supplier and year, latest year first.
select country, sold_in, sum(gain) as profit
from (
  select n_name as country, extract(year from o_orderdate) as sold_in,
         l_extendedprice * (1 - l_discount) - l_quantity * ps_supplycost as gain
  from nation, supplier, partsupp, part, lineitem, orders
  where n_nationkey = s_nationkey and s_suppkey = l_suppkey
    and ps_suppkey = l_suppkey and ps_partkey = l_partkey
    and p_partkey = l_partkey and p_name like '%green%'
    and o_orderkey = l_orderkey
) as gains
group by country, sold_in
order by country, sold_in desc;
