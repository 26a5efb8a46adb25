-- Customers with more than the usual balance and no orders, by the first two digits of their telephone.
select prefix, count(*) as customers, sum(balance) as funds
from (
  select substring(c_phone from 1 for 2) as prefix, c_acctbal as balance
  from customer c
  where substring(c_phone from 1 for 2) in ('13', '17', '18', '23', '29', '30', '31')
    and c_acctbal > (
      select avg(c_acctbal) from customer
      where c_acctbal > 0.00 and substring(c_phone from 1 for 2) in ('13', '17', '18', '23', '29', '30', '31'))
    and not exists (select * from orders where o_custkey = c.c_custkey)
) as idle
group by prefix
order by prefix;
