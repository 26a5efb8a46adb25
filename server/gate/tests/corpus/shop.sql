-- The tables of surface.json with a few rows each, and two tables that no surface shows.
create schema hr;
create table public.customers(id bigint primary key, name text, email text, city text, created_at timestamptz);
create table public.orders(id bigint primary key, customer_id bigint, status text, total numeric, placed_at timestamptz, tags text[], meta jsonb);
create table public.products(id bigint primary key, sku text, title text, price numeric);
create table public.order_items(order_id bigint, product_id bigint, qty integer, price numeric);
create table public.secrets(id bigint primary key, token text);
create table hr.salaries(id bigint, amount numeric);
insert into customers select i, 'Name '||i, 'u'||i||'@example.com', (array['Berlin','Paris','Prague',null])[1+i%4], timestamptz '2024-01-01 00:00+00' + i*interval '7 hours' from generate_series(1,40) i;
insert into orders select i, 1+i%40, (array['new','paid','shipped'])[1+i%3], (i*37%1500)+0.5, timestamptz '2024-01-01 00:00+00' + i*interval '5 hours', array['a','b'||i%3], jsonb_build_object('src', (array['web','app'])[1+i%2], 'n', i%10, 'items', jsonb_build_array(i, i+1)) from generate_series(1,100) i;
insert into products select i, 'SKU'||i, 'Product '||i, i*1.5 from generate_series(1,20) i;
insert into order_items select 1+i%100, 1+i%20, 1+i%5, (1+i%20)*1.5 from generate_series(1,200) i;
insert into secrets select i, 's3cr3t-'||i from generate_series(1,3) i;
analyze;
