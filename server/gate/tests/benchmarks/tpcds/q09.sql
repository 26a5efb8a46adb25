-- For some spans of quantity: the mean discount where there were many sales, else the mean that was paid.
select case when (select count(*) from store_sales where ss_quantity between 1 and 20) > 300
            then (select avg(ss_ext_discount_amt) from store_sales where ss_quantity between 1 and 20)
            else (select avg(ss_net_paid) from store_sales where ss_quantity between 1 and 20) end bucket1,
       case when (select count(*) from store_sales where ss_quantity between 21 and 40) > 30000
            then (select avg(ss_ext_discount_amt) from store_sales where ss_quantity between 21 and 40)
            else (select avg(ss_net_paid) from store_sales where ss_quantity between 21 and 40) end bucket2
from reason
where r_reason_sk = 1;
