-- The share of one country's suppliers in what a region buys of one sort of part.
select ordered_in, sum(case when origin = 'BRAZIL' then worth else 0 end) / sum(worth) as share
from (
  select extract(year from o.o_orderdate) as ordered_in, l.l_extendedprice * (1 - l.l_discount) as worth, sn.n_name as origin
  from lineitem l
  join part p on p.p_partkey = l.l_partkey and p.p_type like 'ECONOMY%'
  join supplier s on s.s_suppkey = l.l_suppkey
  join nation sn on sn.n_nationkey = s.s_nationkey
  join orders o on o.o_orderkey = l.l_orderkey
  join customer c on c.c_custkey = o.o_custkey
  join nation cn on cn.n_nationkey = c.c_nationkey
  join region r on r.r_regionkey = cn.n_regionkey and r.r_name = 'AMERICA'
  where o.o_orderdate between date '1994-01-01' and date '1997-12-31'
) as sales
group by ordered_in
order by ordered_in;
