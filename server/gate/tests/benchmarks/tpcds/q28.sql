-- Prices of three sorts of sales side by side.
select *
from (select avg(ss_list_price) b1_lp, count(ss_list_price) b1_cnt, count(distinct ss_list_price) b1_cntd
      from store_sales
      where ss_quantity between 0 and 20
        and (ss_list_price between 8 and 8 + 30 or ss_coupon_amt between 59 and 59 + 1000 or ss_wholesale_cost between 57 and 57 + 20)) b1,
     (select avg(ss_list_price) b2_lp, count(ss_list_price) b2_cnt, count(distinct ss_list_price) b2_cntd
      from store_sales
      where ss_quantity between 6 and 40 and (ss_list_price between 60 and 60 + 30 or ss_wholesale_cost between 31 and 31 + 20)) b2,
     (select avg(ss_list_price) b3_lp, count(ss_list_price) b3_cnt, count(distinct ss_list_price) b3_cntd
      from store_sales
      where ss_quantity between 41 and 55) b3
limit 100;
