-- Orders of more than a hundred and fifty pieces, and who placed them.
select c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity)
from orders, customer, lineitem
where c_custkey = o_custkey and l_orderkey = o_orderkey
  and o_orderkey in (select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 150)
group by c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice
order by o_totalprice desc, o_orderdate, o_orderkey
limit 100;
