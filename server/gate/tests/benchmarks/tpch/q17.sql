-- What a year would lose without orders of less than a fifth of the usual quantity.
select sum(l.l_extendedprice) / 7.0 as per_year
from lineitem l, part p
where p.p_partkey = l.l_partkey
  and p.p_brand in ('Brand#23', 'Brand#12')
  and l.l_quantity < (select 0.2 * avg(same.l_quantity) from lineitem same where same.l_partkey = p.p_partkey);
