-- Profit of the stores near the places where preferred customers live.
select s_store_name, sum(ss_net_profit)
from store_sales, date_dim, store,
     (select ca_zip
      from (select substr(ca_zip, 1, 5) ca_zip from customer_address
            where substr(ca_zip, 1, 5) in ('24128', '76232', '65084', '87816', '83926', '77556', '20548', '26231', '43848')
            intersect
            select ca_zip
            from (select substr(ca_zip, 1, 5) ca_zip, count(*) cnt
                  from customer_address, customer
                  where ca_address_sk = c_current_addr_sk and c_preferred_cust_flag = 'Y'
                  group by ca_zip
                  having count(*) >= 1) a1) a2) v1
where ss_store_sk = s_store_sk
  and ss_sold_date_sk = d_date_sk
  and d_qoy = 2 and d_year in (1998, 1999)
  and (substr(s_zip, 1, 2) = substr(v1.ca_zip, 1, 2))
group by s_store_name
order by s_store_name
limit 100;
