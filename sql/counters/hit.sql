-- Counts once more; no row comes back where the count was full before, and then nothing is written either.
insert into portcullis.counters as counter (kind, network, began_at, count)
values ($1, $2, $3, 1)
on conflict on constraint counters_key do update
set began_at = case when counter.began_at > $4 then counter.began_at else excluded.began_at end,
    count = case when counter.began_at > $4 then counter.count + 1 else 1 end
where counter.began_at <= $4
   or counter.count < $5
returning count
