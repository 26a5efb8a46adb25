-- How many suppliers without complaints offer parts of certain sizes, one brand and one finish left out.
select p_brand, p_type, p_size, count(distinct ps_suppkey) as suppliers
from part join partsupp on ps_partkey = p_partkey
where p_brand <> 'Brand#34'
  and p_type not like 'STANDARD PLATED%'
  and p_size in (3, 9, 14, 19, 23, 36, 45, 49)
  and ps_suppkey not in (select s_suppkey from supplier where s_comment like '%Customer%Complaints%')
group by p_brand, p_type, p_size
order by suppliers desc, p_brand, p_type, p_size;
