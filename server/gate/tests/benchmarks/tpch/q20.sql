-- Suppliers whose stock of some parts, a hundredfold, is above half of what four years sold of them.
select s_name, s_address
from supplier join nation on n_nationkey = s_nationkey and n_name in ('CANADA', 'FRANCE', 'GERMANY', 'BRAZIL')
where s_suppkey in (
  select ps_suppkey
  from partsupp
  where ps_partkey in (select p_partkey from part where p_name like 'forest%')
    and ps_availqty * 100 > (
      select 0.5 * sum(l_quantity)
      from lineitem
      where l_partkey = ps_partkey and l_shipdate >= date '1993-01-01' and l_shipdate < date '1993-01-01' + interval '4' year))
order by s_name;
