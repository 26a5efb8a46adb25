-- The cheapest offer of every brass part in one region, best-funded supplier first.
with offers as (
  select ps.ps_partkey as part, ps.ps_supplycost as cost, s.s_name as seller, s.s_acctbal as funds, n.n_name as country
  from partsupp ps
  join supplier s on s.s_suppkey = ps.ps_suppkey
  join nation n on n.n_nationkey = s.s_nationkey
  join region r on r.r_regionkey = n.n_regionkey and r.r_name = 'EUROPE'
)
select o.funds, o.seller, o.country, p.p_partkey, p.p_mfgr
from offers o, part p
where p.p_partkey = o.part
  and p.p_type like '%BRASS'
  and p.p_size < 40
  and o.cost = (select min(rival.cost) from offers rival where rival.part = o.part)
order by o.funds desc, o.country, o.seller, p.p_partkey
limit 100;
