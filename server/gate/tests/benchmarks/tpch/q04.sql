-- Orders of half a year with at least one line that came after it was promised, by priority.
select o_orderpriority as priority, count(*) as late
from orders o
where o_orderdate >= date '1994-01-01'
  and o_orderdate < date '1994-01-01' + interval '6' month
  and exists (select * from lineitem where l_orderkey = o.o_orderkey and l_receiptdate > l_commitdate)
group by o_orderpriority
order by priority;
