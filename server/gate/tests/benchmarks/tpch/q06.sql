-- What a year's small discounts on small quantities cost.
select sum(l_extendedprice * l_discount) as forgone
from lineitem
where l_shipdate >= date '1995-01-01'
  and l_shipdate < date '1995-01-01' + interval '1 year'
  and l_discount between 0.04 - 0.02 and 0.04 + 0.02
  and l_quantity < 30;
