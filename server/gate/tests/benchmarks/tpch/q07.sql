-- Trade between two countries, both ways, by the year of shipping.
with trade as (
  select sn.n_name as seller, cn.n_name as buyer, extract(year from l_shipdate) as shipped_in,
         l_extendedprice * (1 - l_discount) as worth
  from supplier, lineitem, orders, customer, nation sn, nation cn
  where l_suppkey = s_suppkey and l_orderkey = o_orderkey and o_custkey = c_custkey
    and sn.n_nationkey = s_nationkey and cn.n_nationkey = c_nationkey
    and l_shipdate between date '1994-01-01' and date '1997-12-31'
)
select seller, buyer, shipped_in, sum(worth) as revenue
from trade
where (seller = 'CANADA' and buyer = 'BRAZIL') or (seller = 'BRAZIL' and buyer = 'CANADA')
group by seller, buyer, shipped_in
order by seller, buyer, shipped_in;
