-- Pricing summary: what was billed and shipped up to ninety days before the end of 1998.
select li.l_returnflag,
       li.l_linestatus,
       sum(li.l_quantity) as total_quantity,
       sum(li.l_extendedprice) as total_base,
       sum(li.l_extendedprice * (1 - li.l_discount)) as total_discounted,
       sum(li.l_extendedprice * (1 - li.l_discount) * (1 + li.l_tax)) as total_charged,
       avg(li.l_quantity) as mean_quantity,
       avg(li.l_extendedprice) as mean_price,
       avg(li.l_discount) as mean_discount,
       count(*) as line_count
from lineitem li
where li.l_shipdate <= date '1998-12-01' - interval '90' day
group by li.l_returnflag, li.l_linestatus
order by li.l_returnflag, li.l_linestatus;
