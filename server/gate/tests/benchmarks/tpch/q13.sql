-- How many customers have placed how many orders, those with special wishes not counted.
select orders_placed, count(*) as customers
from (
  select c_custkey, count(o_orderkey)
  from customer left outer join orders on o_custkey = c_custkey and o_comment not like '%special%wishes%'
  group by c_custkey
) as per_customer (customer, orders_placed)
group by orders_placed
order by customers desc, orders_placed desc;
