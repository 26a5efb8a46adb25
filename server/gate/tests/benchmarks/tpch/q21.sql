-- Suppliers who alone among several kept a finished order waiting.
select s.s_name, count(*) as waits
from supplier s
join nation n on n.n_nationkey = s.s_nationkey and n.n_name in ('SAUDI ARABIA', 'FRANCE', 'CANADA')
join lineitem late on late.l_suppkey = s.s_suppkey and late.l_receiptdate > late.l_commitdate
join orders o on o.o_orderkey = late.l_orderkey and o.o_orderstatus = 'F'
where exists (
    select * from lineitem other where other.l_orderkey = late.l_orderkey and other.l_suppkey <> late.l_suppkey)
  and not exists (
    select *
    from lineitem worse
    where worse.l_orderkey = late.l_orderkey and worse.l_suppkey <> late.l_suppkey
      and worse.l_receiptdate > worse.l_commitdate)
group by s.s_name
order by waits desc, s.s_name
limit 100;
