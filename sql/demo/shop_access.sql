-- Keys and indexes after the rows, which is quicker; then who may read what.

set local role shop_owner;

alter table public.customers
    add constraint customers_key primary key (id),
    add constraint email_is_unique unique (email);
alter table public.products
    add constraint products_key primary key (id),
    add constraint sku_is_unique unique (sku);
alter table public.orders
    add constraint orders_key primary key (id),
    add constraint order_belongs_to_a_customer foreign key (customer_id) references public.customers (id);
alter table public.order_items
    add constraint order_items_key primary key (order_id, line),
    add constraint item_belongs_to_an_order foreign key (order_id) references public.orders (id),
    add constraint item_is_a_product foreign key (product_id) references public.products (id);
alter table public.secrets add constraint secrets_key primary key (id);
alter table hr.salaries add constraint salaries_key primary key (id);
alter table hr.orders add constraint hr_orders_key primary key (id);

create index customers_of_a_city on public.customers (city);
create index customers_of_a_manager on public.customers (account_manager);
create index orders_of_a_customer on public.orders (customer_id, placed_at);
create index orders_by_time on public.orders (placed_at);
create index items_of_a_product on public.order_items (product_id);

-- Strictly equal to a setting that the gateway makes for one transaction: without it, or emptied by an earlier one,
-- nobody is looked after and there is no row. The barrier keeps a reader's own conditions from seeing the others.
create view public.my_customers with (security_barrier) as
select
    id,
    name,
    email,
    city,
    created_at,
    tier,
    phone,
    member_until
from public.customers
where account_manager = current_setting('portcullis.person', true);

comment on view public.my_customers is 'The customers whom the person behind this session looks after';

-- Support sees whom it talks to and what they ordered, neither addresses nor what we pay for our goods.
grant select (id, name, city, created_at)
    on public.customers
    to portcullis_support;
grant select
    on public.orders
    to portcullis_support;
grant select (id, sku, title, price, category, stock)
    on public.products
    to portcullis_support;

grant select
    on public.customers, public.orders, public.order_items, public.products, public.my_customers
    to portcullis_analyst;

analyze public.customers;
analyze public.orders;
analyze public.order_items;
analyze public.products;
