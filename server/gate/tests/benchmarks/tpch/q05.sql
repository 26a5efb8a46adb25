-- Revenue where buyer and seller sit in the same country.
select n.n_name as country, sum(l.l_extendedprice * (1 - l.l_discount)) as at_home
from region r
join nation n on n.n_regionkey = r.r_regionkey
join supplier s on s.s_nationkey = n.n_nationkey
join customer c on c.c_nationkey = s.s_nationkey
join orders o on o.o_custkey = c.c_custkey
join lineitem l on l.l_orderkey = o.o_orderkey and l.l_suppkey = s.s_suppkey
where r.r_name in ('ASIA', 'EUROPE', 'AMERICA')
  and o.o_orderdate >= date '1993-01-01'
  and o.o_orderdate < date '1993-01-01' + interval '3' year
group by n.n_name
order by at_home desc, country;
