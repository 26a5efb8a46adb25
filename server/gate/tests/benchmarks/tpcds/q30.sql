-- Customers of one state who returned more on the web than is usual in the state.
with returned as (
  select wr_returning_customer_sk as who, ca_state as region, sum(wr_return_amt) as total
  from web_returns, date_dim, customer_address
  where wr_returned_date_sk = d_date_sk and d_year in (2001, 2002) and wr_returning_addr_sk = ca_address_sk
  group by wr_returning_customer_sk, ca_state
)
select c_customer_id, c_salutation, c_first_name, c_last_name, c_preferred_cust_flag, c_birth_year, c_email_address, r1.total
from returned r1, customer_address, customer
where r1.total > (select avg(total) * 1.2 from returned r2 where r1.region = r2.region)
  and ca_address_sk = c_current_addr_sk and ca_state in ('GA', 'CA', 'OH') and r1.who = c_customer_sk
order by c_customer_id, r1.total
limit 100;
