-- Names of products of which there is one of certain colours, units and sizes.
select distinct (i_product_name)
from item i1
where i_manufact_id between 1 and 70 + 40
  and (select count(*) as item_cnt
       from item
       where (i_manufact = i1.i_manufact
              and ((i_category = 'Women' and (i_color = 'red' or i_color = 'khaki') and (i_units = 'Ounce' or i_units = 'Oz') and (i_size = 'medium' or i_size = 'large'))
                or (i_category = 'Men' and (i_color = 'peach' or i_color = 'blue') and (i_units = 'Each' or i_units = 'Oz') and (i_size = 'small' or i_size = 'medium'))))
          or (i_manufact = i1.i_manufact and ((i_category = 'Books' and i_color in ('red', 'blue')) or (i_category = 'Home' and i_size = 'small')))) > 0
order by i_product_name
limit 100;
