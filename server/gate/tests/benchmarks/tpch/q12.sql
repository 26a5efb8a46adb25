-- Late lines by way of shipping, urgent orders told apart from the others.
select l.l_shipmode,
       sum(case when o.o_orderpriority = '1-URGENT' or o.o_orderpriority = '2-HIGH' then 1 else 0 end) as urgent,
       sum(case when o.o_orderpriority not in ('1-URGENT', '2-HIGH') then 1 else 0 end) as others
from lineitem l join orders o on o.o_orderkey = l.l_orderkey
where l.l_shipmode in ('RAIL', 'TRUCK', 'MAIL')
  and l.l_receiptdate > l.l_commitdate
  and l.l_commitdate > l.l_shipdate
  and l.l_receiptdate >= date '1993-01-01'
  and l.l_receiptdate < date '1993-01-01' + interval '4' year
group by l.l_shipmode
order by l.l_shipmode;
