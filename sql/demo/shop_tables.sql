-- The sample shop: a small warehouse with every kind of value that a reader may meet.

revoke all on database shop from public;
grant connect on database shop to portcullis_support_gateway, portcullis_analyst_gateway;
revoke all on schema public from public;
grant usage, create on schema public to shop_owner;
grant usage on schema public to portcullis_support, portcullis_analyst;
create schema hr authorization shop_owner;

set local role shop_owner;

create type public.customer_tier as enum ('bronze', 'silver', 'gold', 'platinum');
create type public.order_channel as enum ('web', 'app', 'phone', 'store');
create type public.postal_address as (street text, postcode text, city text, country char(2));
create domain public.phone_number as text check (value ~ '^\+[0-9 ]{6,20}$');
create domain public.percentage as numeric(5, 2) check (value between 0 and 100);

comment on type public.customer_tier is 'What a customer has earned: from bronze to platinum';
comment on type public.postal_address is 'Street with number, postcode, city, ISO country code';

create table public.customers (
    id              bigint                not null,
    name            text                  not null,
    email           text                  not null,
    city            text                  not null,
    created_at      timestamptz           not null,
    country         char(2)               not null,
    tier            public.customer_tier  not null,
    phone           public.phone_number,
    address         public.postal_address not null,
    birthday        date,
    public_id       uuid                  not null,
    account_manager text                  not null,
    interests       text[]                not null,
    preferences     jsonb                 not null,
    last_login_from inet,
    last_login_at   timestamp,
    subscribed      boolean               not null,
    member_until    timestamptz           not null,
    credit          numeric(12, 2)        not null,
    risk_score      double precision      not null,
    constraint account_manager_is_somebody check (account_manager <> '')
);

comment on table public.customers is 'Who has an account with the shop, one row a person';
comment on column public.customers.id is 'The number of the customer, in order of registration';
comment on column public.customers.name is 'First and last name, as the customer typed it';
comment on column public.customers.email is 'Address for receipts; unique';
comment on column public.customers.city is 'City of the postal address';
comment on column public.customers.created_at is 'When the account was opened';
comment on column public.customers.tier is 'What the customer has earned so far';
comment on column public.customers.account_manager is 'Email of the colleague who looks after this customer';
comment on column public.customers.member_until is 'End of the membership; infinity for members for life, -infinity for those who never were';
comment on column public.customers.credit is 'Balance in euros, negative where the customer owes us';
comment on column public.customers.risk_score is 'From the fraud model: NaN where it has no opinion, Infinity for the blocked';

create table public.products (
    id          bigint            not null,
    sku         text              not null,
    title       text              not null,
    price       numeric           not null,
    category    text              not null,
    cost        numeric(12, 4)    not null,
    margin      public.percentage not null,
    barcode     bigint            not null,
    weight_kg   real,
    dimensions  integer[]         not null,
    monthly_sales integer[][],
    keywords    text[]            not null,
    attributes  jsonb             not null,
    label       json,
    on_sale     daterange         not null,
    price_band  numrange          not null,
    closed_on   datemultirange    not null,
    warranty    interval,
    released_on date              not null,
    thumbnail   bytea,
    rating      numeric,
    stock       smallint          not null,
    restocks_at time              not null
);

comment on table public.products is 'What the shop sells';
comment on column public.products.sku is 'Stock keeping unit, printed on the shelf; unique';
comment on column public.products.price is 'In euros, with tax';
comment on column public.products.cost is 'What we pay for it, in euros; confidential';
comment on column public.products.margin is 'Per cent of the price; confidential';
comment on column public.products.barcode is 'A number beyond 2^53: keep every digit';
comment on column public.products.dimensions is 'Width, height and depth in millimetres';
comment on column public.products.monthly_sales is 'Pieces sold: one row a year, one column a quarter';
comment on column public.products.released_on is 'infinity: announced, without a date';
comment on column public.products.rating is 'One to five stars; NaN where nobody rated it';

create table public.orders (
    id              bigint                not null,
    customer_id     bigint                not null,
    status          text                  not null,
    total           numeric               not null,
    placed_at       timestamptz           not null,
    tags            text[]                not null,
    meta            jsonb                 not null,
    channel         public.order_channel  not null,
    currency        char(3)               not null,
    note            text,
    ship_to         public.postal_address,
    delivery_window tstzrange,
    handling_time   interval              not null,
    due_on          date                  not null,
    discounts       numeric[],
    placed_from     inet                  not null,
    receipt         uuid                  not null,
    ledger_entry    bigint                not null,
    constraint status_is_known check (status in ('new', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'returned'))
);

comment on table public.orders is 'One row an order; what was ordered is in order_items';
comment on column public.orders.status is 'new, paid, packed, shipped, delivered, cancelled or returned';
comment on column public.orders.total is 'Sum over the items, in the currency of the order';
comment on column public.orders.placed_at is 'When the customer ordered';
comment on column public.orders.meta is 'What the web shop recorded: device, campaign, whether it is a gift';
comment on column public.orders.note is 'What the customer wrote to us; unchecked';
comment on column public.orders.due_on is 'When it must be paid; infinity for those who pay whenever they like';
comment on column public.orders.ledger_entry is 'Number in the ledger, beyond 2^53: keep every digit';

create table public.order_items (
    order_id   bigint   not null,
    product_id bigint   not null,
    qty        integer  not null,
    price      numeric  not null,
    line       smallint not null,
    discount   numeric(12, 2) not null,
    gift       boolean  not null,
    engraving  varchar(40)
);

comment on table public.order_items is 'The lines of the orders';
comment on column public.order_items.qty is 'Pieces';
comment on column public.order_items.price is 'Of one piece, on the day of the order';

create table public.secrets (
    id    bigint generated always as identity,
    token text not null
);

comment on table public.secrets is 'Credentials of the payment provider; no profile may read this';

create table hr.salaries (
    id       bigint not null,
    employee text not null,
    email    text not null,
    salary   numeric(12, 2) not null
);

create table hr.orders (
    id         bigint not null,
    employee   text not null,
    instructed text not null
);

comment on table hr.salaries is 'What our colleagues earn; no profile may read this';
comment on table hr.orders is 'Instructions to colleagues, not orders of customers; no profile may read this';
