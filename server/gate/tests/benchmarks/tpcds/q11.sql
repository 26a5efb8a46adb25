-- Customers whose spending on the web grew faster than in the stores.
with spent (customer_id, preferred, syear, kind, amount) as (
  select c_customer_id, c_preferred_cust_flag, d_year, 's', sum(ss_ext_list_price - ss_ext_discount_amt)
  from customer join store_sales on ss_customer_sk = c_customer_sk join date_dim on d_date_sk = ss_sold_date_sk
  group by 1, 2, 3
  union all
  select c_customer_id, c_preferred_cust_flag, d_year, 'w', sum(ws_ext_list_price - ws_ext_discount_amt)
  from customer join web_sales on ws_bill_customer_sk = c_customer_sk join date_dim on d_date_sk = ws_sold_date_sk
  group by 1, 2, 3
)
select b.customer_id, b.preferred
from spent a, spent b, spent c, spent d
where a.customer_id = b.customer_id and a.customer_id = c.customer_id and a.customer_id = d.customer_id
  and a.kind = 's' and b.kind = 's' and c.kind = 'w' and d.kind = 'w'
  and a.syear = 2001 and b.syear = 2002 and c.syear = 2001 and d.syear = 2002
  and a.amount > 0 and c.amount > 0
  and case when c.amount > 0 then d.amount / c.amount else 0.0 end > case when a.amount > 0 then b.amount / a.amount else 0.0 end
order by b.customer_id, b.preferred
limit 100;
