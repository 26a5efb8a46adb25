-- The supplier with the most revenue of a quarter; the view of the question is a member of WITH.
with quarter (seller, earned) as (
  select l_suppkey, sum(l_extendedprice * (1 - l_discount))
  from lineitem
  where l_shipdate >= date '1996-01-01' and l_shipdate < date '1996-01-01' + interval '3' month
  group by l_suppkey
)
select s_suppkey, s_name, s_address, s_phone, earned
from supplier, quarter
where seller = s_suppkey and earned = (select max(earned) from quarter)
order by s_suppkey;
