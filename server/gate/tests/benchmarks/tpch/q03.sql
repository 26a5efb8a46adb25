-- Orders of one trade that were placed but not shipped on a given day, dearest first.
select o.o_orderkey, o.o_orderdate, o.o_shippriority, sum(l.l_extendedprice * (1 - l.l_discount)) pending
from orders o
inner join lineitem l on (l.l_orderkey = o.o_orderkey and l.l_shipdate > date '1995-06-30')
inner join customer c on (c.c_custkey = o.o_custkey)
where c.c_mktsegment = 'MACHINERY' and o.o_orderdate < date '1995-06-30'
group by o.o_orderkey, o.o_orderdate, o.o_shippriority
order by pending desc, o.o_orderdate, o.o_orderkey
limit 10;
