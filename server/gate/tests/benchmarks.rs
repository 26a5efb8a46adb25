//! The questions of two benchmarks are admitted, one and all.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

use std::{fs, path::Path};

use gate::{Policy, SelectStar, Surface, judge};
use support::{open, surface_of};

fn expanding() -> Policy {
    Policy { select_star: SelectStar::Expand, ..Policy::default() }
}

/// The statements of a folder by their names, and the tables that they read.
fn benchmark(name: &str) -> (Surface, Vec<(String, String)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/benchmarks").join(name);
    let mut statements: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
        })
        .collect();
    statements.sort();
    (surface_of(&fs::read_to_string(folder.join("surface.json")).unwrap()), statements)
}

/// The printed text has no stars left, so that it is judged under the strictest policy, and is its own printed text.
fn all_are_admitted(name: &str, count: usize) {
    let (surface, statements) = benchmark(name);
    assert_eq!(statements.len(), count);
    for (question, sql) in statements {
        let admitted = judge(&sql, &surface, &expanding())
            .unwrap_or_else(|refusal| panic!("{name} {question}: {refusal} ({})", refusal.advice()));
        let again = judge(admitted.text(), &surface, &Policy::default())
            .unwrap_or_else(|refusal| panic!("{name} {question}: {refusal}\n{}", admitted.text()));
        assert_eq!(again.text(), admitted.text(), "{name} {question}");
        assert_eq!(again.relations(), admitted.relations(), "{name} {question}");
        assert_eq!(again.functions(), admitted.functions(), "{name} {question}");
    }
}

#[test]
fn the_22_questions_of_tpc_h_are_admitted() {
    all_are_admitted("tpch", 22);
}

#[test]
fn the_99_questions_of_tpc_ds_are_admitted() {
    all_are_admitted("tpcds", 99);
}

/// The questions of a folder whose files hold several, each below its title.
fn titled(name: &str) -> (Surface, Vec<(String, String)>) {
    let (surface, files) = benchmark(name);
    let questions = files.iter().flat_map(|(_, text)| text.split("-- ").skip(1)).map(|question| {
        let (title, sql) = question.split_once('\n').unwrap();
        (title.to_owned(), sql.to_owned())
    });
    (surface, questions.collect())
}

#[test]
fn an_analysts_questions_are_admitted() {
    let (surface, questions) = titled("rides");
    let policy = open();
    let mut by_default = 0;
    for (title, sql) in &questions {
        let admitted = judge(sql, &surface, &policy)
            .unwrap_or_else(|refusal| panic!("{title}: {refusal} ({})\n{sql}", refusal.advice()));
        let again = judge(admitted.text(), &surface, &policy).unwrap();
        assert_eq!(again.text(), admitted.text(), "{title}");
        by_default += usize::from(judge(sql, &surface, &Policy::default()).is_ok());
    }
    println!("{} questions, {by_default} of them under the strictest policy", questions.len());
    assert!(questions.len() >= 150 && by_default >= 130, "{} and {by_default}", questions.len());
}

/// What published texts say beside what our own statements say.
#[test]
fn forms_of_the_published_texts_of_tpc_ds_are_admitted() {
    let (surface, _) = benchmark("tpcds");
    for sql in [
        "-- start query 1 in stream 0 using template query1.tpl\nselect i_item_id from item limit 100;\n-- end query 1",
        "select count(*) from (select i_item_sk from item intersect select ss_item_sk from store_sales)",
        "select a.i_brand from (select i_brand from item) a, (select i_brand from item), (select i_class from item)",
        "select i_category, grouping(i_category) + grouping(i_class) as level from item group by rollup (i_category, i_class) \
         order by level desc, case when level = 0 then i_category end",
        "select sum(ss_net_paid) as value, count(*) returns from store_sales group by ss_store_sk order by value desc",
        "select d_year year, d_moy as month, d_dom day from date_dim group by d_year, d_moy, d_dom order by year, month, day",
        "select d_date from date_dim where d_date between '2000-01-01' and (cast('2000-01-01' as date) + interval '14 days')",
        "select d_date from date_dim where d_date between date '2000-01-01' and date '2000-01-01' + interval '14' day",
        "select * from (select i_item_sk from item) web, (select i_item_sk from item) catalog, (select i_item_sk from item) at",
        "select i_item_sk from item where i_current_price > (50 / 100.0) * (select * from (select max(i_current_price) from item) x)",
        "select cast(sum(ss_quantity) as float8), cast(1 as float), cast('x' as char(3)), cast(5 as dec(15, 4)) from store_sales",
        "select * from (select i_brand, rank() over (order by i_current_price) rnk from item) v1 where rnk < 11",
        "select c_customer_id from customer c where exists (select * from store_sales, date_dim where c.c_customer_sk = \
         ss_customer_sk and ss_sold_date_sk = d_date_sk) and (exists (select * from web_sales where c.c_customer_sk = \
         ws_bill_customer_sk) or exists (select * from catalog_sales where c.c_customer_sk = cs_ship_customer_sk))",
        "select case when (select count(*) from store_sales where ss_quantity between 1 and 20) > 74129 then (select \
         avg(ss_ext_discount_amt) from store_sales) else (select avg(ss_net_paid) from store_sales) end bucket1 from reason \
         where r_reason_sk = 1",
        "select distinct(i_product_name) from item i1 where i_manufact_id between 738 and 738+40 and (select count(*) as item_cnt \
         from item where (i_manufact = i1.i_manufact and ((i_category = 'Women' and (i_color = 'powder' or i_color = 'khaki'))))) > 0 \
         order by i_product_name limit 100;",
        "select sum(case when (d_day_name='Sunday') then ss_sales_price else null end) sun_sales, d_week_seq from store_sales, \
         date_dim where d_date_sk = ss_sold_date_sk group by d_week_seq",
        "select i_category, i_class, i_brand, s_store_name, d_moy, sum(ss_sales_price) sum_sales, avg(sum(ss_sales_price)) over \
         (partition by i_category, i_brand, s_store_name) avg_monthly_sales, rank() over (partition by i_category order by d_moy) rn \
         from item, store_sales, date_dim, store where ss_item_sk = i_item_sk and ss_sold_date_sk = d_date_sk and \
         ss_store_sk = s_store_sk group by i_category, i_class, i_brand, s_store_name, d_moy",
        "with web_v1 as (select ws_item_sk item_sk, d_date, sum(sum(ws_sales_price)) over (partition by ws_item_sk order by d_date \
         rows between unbounded preceding and current row) cume_sales from web_sales, date_dim where ws_sold_date_sk = d_date_sk \
         and d_month_seq between 1200 and 1200+11 and ws_item_sk is not null group by ws_item_sk, d_date), store_v1 as (select \
         ss_item_sk item_sk, d_date, 1 cume_sales from store_sales, date_dim) select * from (select item_sk, d_date, web_sales, \
         max(web_sales) over (partition by item_sk order by d_date rows between unbounded preceding and current row) web_cumulative \
         from (select case when web.item_sk is not null then web.item_sk else store.item_sk end item_sk, case when web.d_date is not \
         null then web.d_date else store.d_date end d_date, web.cume_sales web_sales from web_v1 web full outer join store_v1 store \
         on (web.item_sk = store.item_sk and web.d_date = store.d_date)) x) y where web_cumulative > 1 order by item_sk limit 100",
        "select w_state, case mean when 0 then null else stdev/mean end cov from (select w_state, stddev_samp(inv_quantity_on_hand) \
         stdev, avg(inv_quantity_on_hand) mean from inventory, warehouse where inv_warehouse_sk = w_warehouse_sk group by w_state) foo \
         where case mean when 0 then 0 else stdev/mean end > 1",
        "select 'DHL' || ',' || 'BARIAN' as ship_carriers, d_year as year from date_dim, time_dim where t_time between 30838 and \
         30838+28800",
        "select coalesce(c_last_name,'') || ', ' || coalesce(c_first_name,'') as customername from customer",
        "select cast(amc as decimal(15,4))/cast(pmc as decimal(15,4)) am_pm_ratio from (select count(*) amc from web_sales) \"at\", \
         (select count(*) pmc from web_sales) pt",
        "select count(distinct cs_order_number) as \"order count\", sum(cs_ext_ship_cost) as \"total shipping cost\" from \
         catalog_sales cs1 order by count(distinct cs_order_number) limit 100",
        "select substr(w_warehouse_name,1,20), sm_type, sum(case when (cs_ship_date_sk - cs_sold_date_sk <= 30) then 1 else 0 end) \
         as \"30 days\" from catalog_sales, warehouse, ship_mode group by substr(w_warehouse_name,1,20), sm_type order by \
         substr(w_warehouse_name,1,20), sm_type",
        "select channel, item, return_rank from (select 'web' as channel, web.item, rank() over (order by return_ratio) as return_rank \
         from (select ws.ws_item_sk as item, (cast(sum(coalesce(wr.wr_return_quantity,0)) as decimal(15,4))/ \
         cast(sum(coalesce(ws.ws_quantity,0)) as decimal(15,4))) as return_ratio from web_sales ws left outer join web_returns wr \
         on (ws.ws_order_number = wr.wr_order_number and ws.ws_item_sk = wr.wr_item_sk) group by ws.ws_item_sk) web) tmp order by 1, 3",
        "select i_item_id, ca_country, avg(cast(cs_quantity as decimal(12,2))) agg1 from catalog_sales, item, customer_address group \
         by rollup (i_item_id, ca_country) order by ca_country, i_item_id",
        "select count(*) from ((select distinct c_last_name from customer) except (select distinct c_first_name from customer)) cool_cust",
        "select d_date from date_dim where d_month_seq between (select distinct d_month_seq+1 from date_dim where d_year = 1998 and \
         d_moy = 12) and (select distinct d_month_seq+3 from date_dim where d_year = 1998 and d_moy = 12)",
        "select d1.d_date from date_dim d1, date_dim d3 where d3.d_date > d1.d_date + 5 and d1.d_date > cast('2000-01-01' as date) + 30",
        "select i_class, sum(ss_ext_sales_price) as itemrevenue, sum(ss_ext_sales_price)*100/sum(sum(ss_ext_sales_price)) over \
         (partition by i_class) as revenueratio from store_sales, item where i_category in ('Sports', 'Books', 'Home') group by i_class",
        "select (case when household_demographics.hd_vehicle_count > 0 then household_demographics.hd_dep_count/ \
         household_demographics.hd_vehicle_count else null end) > 1.2 from household_demographics",
        "select sum(ss_net_profit)/sum(ss_ext_sales_price) as gross_margin, i_category, i_class, grouping(i_category)+grouping(i_class) \
         as lochierarchy, rank() over (partition by grouping(i_category)+grouping(i_class), case when grouping(i_class) = 0 then \
         i_category end order by sum(ss_net_profit)/sum(ss_ext_sales_price) asc) as rank_within_parent from store_sales, item group by \
         rollup(i_category, i_class) order by lochierarchy desc, case when lochierarchy = 0 then i_category end, rank_within_parent",
        "select promotions, total, cast(promotions as decimal(15,4))/cast(total as decimal(15,4))*100 from (select \
         sum(ss_ext_sales_price) promotions from store_sales) promotional_sales, (select sum(ss_ext_sales_price) total from \
         store_sales) all_sales order by promotions, total",
        "select sum(returns) as returns, sum(profit) as profit from (select 0 as returns, 1 as profit union all select 2 as returns, 3 as \
         profit) x",
    ] {
        judge(sql, &surface, &expanding()).unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    }
}

#[test]
fn forms_of_the_published_texts_of_tpc_h_are_admitted() {
    let (surface, _) = benchmark("tpch");
    for sql in [
        "select l_returnflag, sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) as sum_charge from lineitem where l_shipdate <= \
         date '1998-12-01' - interval '90' day (3) group by l_returnflag order by l_returnflag;",
        "select c_count, count(*) as custdist from (select c_custkey, count(o_orderkey) from customer left outer join orders on \
         c_custkey = o_custkey and o_comment not like '%special%requests%' group by c_custkey) as c_orders (c_custkey, c_count) \
         group by c_count order by custdist desc, c_count desc",
        "with revenue (supplier_no, total_revenue) as (select l_suppkey, sum(l_extendedprice * (1 - l_discount)) from lineitem where \
         l_shipdate >= date '1996-01-01' and l_shipdate < date '1996-01-01' + interval '3' month group by l_suppkey) select s_suppkey \
         from supplier, revenue where s_suppkey = supplier_no and total_revenue = (select max(total_revenue) from revenue)",
        "select o_year, sum(case when nation = 'BRAZIL' then volume else 0 end) / sum(volume) as mkt_share from (select extract(year \
         from o_orderdate) as o_year, l_extendedprice * (1 - l_discount) as volume, n2.n_name as nation from lineitem, orders, nation \
         n2) as all_nations group by o_year order by o_year",
        "select cntrycode, count(*) as numcust from (select substring(c_phone from 1 for 2) as cntrycode, c_acctbal from customer where \
         substring(c_phone from 1 for 2) in ('13', '31') and not exists (select * from orders where o_custkey = c_custkey)) as custsale \
         group by cntrycode",
        "select 100.00 * sum(case when p_type like 'PROMO%' then l_extendedprice * (1 - l_discount) else 0 end) / \
         sum(l_extendedprice * (1 - l_discount)) as promo_revenue from lineitem, part where l_partkey = p_partkey and l_shipdate >= \
         date '1995-09-01' and l_shipdate < date '1995-09-01' + interval '1' month",
        "select ps_partkey, sum(ps_supplycost * ps_availqty) as value from partsupp group by ps_partkey having sum(ps_supplycost * \
         ps_availqty) > (select sum(ps_supplycost * ps_availqty) * 0.0001000000 from partsupp) order by value desc",
    ] {
        judge(sql, &surface, &expanding()).unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    }
}
