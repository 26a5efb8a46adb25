-- Alerts on their way to the webhook. An alert is put here by the transaction that keeps it, so that a restart loses none.
create table portcullis.deliveries (
    alert_id uuid        not null,
    since    timestamptz not null,
    attempts int         not null default 0,
    next_at  timestamptz not null,
    ended_at timestamptz,
    fault    text,
    constraint deliveries_key primary key (alert_id)
);

create index deliveries_on_their_way on portcullis.deliveries (next_at, alert_id) where ended_at is null;

comment on column portcullis.deliveries.fault is 'why the last attempt failed; of one that has ended, that it was given up';
