-- Who sent back the most of what they ordered in a year.
select c.c_custkey, c.c_name, n.n_name, c.c_phone, c.c_acctbal, sent_back.worth as lost
from customer c
join nation n on n.n_nationkey = c.c_nationkey
join (
  select o_custkey, sum(l_extendedprice * (1 - l_discount))
  from orders join lineitem on l_orderkey = o_orderkey
  where l_returnflag = 'R' and o_orderdate >= date '1993-10-01' and o_orderdate < date '1993-10-01' + interval '12' month
  group by o_custkey
) as sent_back (buyer, worth) on sent_back.buyer = c.c_custkey
order by lost desc, c.c_custkey
limit 20;
