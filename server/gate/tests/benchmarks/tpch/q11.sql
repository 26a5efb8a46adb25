-- Parts that make up a good share of the stock in one country.
select ps_partkey, sum(ps_supplycost * ps_availqty) as value
from partsupp, supplier, nation
where s_suppkey = ps_suppkey and n_nationkey = s_nationkey and n_name = 'GERMANY'
group by ps_partkey
having sum(ps_supplycost * ps_availqty) > (
  select 0.01 * sum(all_of.ps_supplycost * all_of.ps_availqty)
  from partsupp all_of join supplier on s_suppkey = all_of.ps_suppkey join nation on n_nationkey = s_nationkey
  where n_name = 'GERMANY')
order by value desc, ps_partkey;
