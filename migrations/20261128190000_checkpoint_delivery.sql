-- How far checkpoints have gone to the webhook. They are kept anyway and go in their order, so one number tells it, and a
-- restart loses none.
create table portcullis.checkpoint_delivery (
    only_row boolean     not null default true,
    arrived  bigint      not null default 0,
    attempts int         not null default 0,
    next_at  timestamptz not null default '-infinity',
    fault    text,
    constraint checkpoint_delivery_key primary key (only_row),
    constraint checkpoint_delivery_has_one_row check (only_row)
);

insert into portcullis.checkpoint_delivery default values;

comment on column portcullis.checkpoint_delivery.arrived is 'the seal of the last checkpoint that arrived';
comment on column portcullis.checkpoint_delivery.fault is 'why the last attempt at the next one failed';
