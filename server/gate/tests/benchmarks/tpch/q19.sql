-- Revenue of parts handed over in person, for three pairs of brand and container.
select sum(l_extendedprice * (1 - l_discount)) as revenue
from lineitem, part
where (p_partkey = l_partkey and p_brand = 'Brand#12' and p_container in ('SM BOX', 'SM CASE')
       and l_quantity >= 1 and l_quantity <= 1 + 30 and p_size between 1 and 45
       and l_shipmode in ('AIR', 'REG AIR') and l_shipinstruct = 'DELIVER IN PERSON')
   or (p_partkey = l_partkey and p_brand = 'Brand#23' and p_container = 'MED BAG'
       and l_quantity between 10 and 10 + 30 and p_size <= 40
       and l_shipmode in ('AIR', 'REG AIR') and l_shipinstruct = 'DELIVER IN PERSON')
   or (p_partkey = l_partkey and p_brand = 'Brand#34' and p_container = any (array['LG BOX', 'LG CASE'])
       and (l_quantity, p_size) >= (20, 1) and l_quantity < 50
       and l_shipmode in ('AIR', 'REG AIR') and l_shipinstruct = 'DELIVER IN PERSON');
