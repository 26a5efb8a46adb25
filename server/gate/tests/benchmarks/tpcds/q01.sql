-- Customers who brought back more than 1.2 times what is usual at that store.
with brought_back as (
  select sr_customer_sk as who, sr_store_sk as place, sum(sr_return_amt) as amount
  from store_returns, date_dim
  where sr_returned_date_sk = d_date_sk and d_year = 2000
  group by sr_customer_sk, sr_store_sk
)
select c_customer_id
from brought_back b1, store, customer
where b1.amount > (select avg(amount) * 1.2 from brought_back b2 where b1.place = b2.place)
  and s_store_sk = b1.place
  and s_state in ('TN', 'CA', 'OH')
  and b1.who = c_customer_sk
order by c_customer_id
limit 100;
