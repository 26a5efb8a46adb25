-- Counts a guess before it is judged, and says what the next one must wait; no row where this one comes too early, so
-- that of many guesses at once only those that are free are judged. Guesses that come too early cost nothing.
insert into portcullis.guesses as guess (kind, key, count, last_at, free_at)
values ($1, $2, 1, $3::timestamptz, $3::timestamptz + make_interval(secs => case when $5::int > 1 then 0 else 1 end))
on conflict (kind, key) do update
set count = case when guess.last_at < $4 then 1 else least(guess.count, 1000000) + 1 end,
    last_at = $3,
    free_at = $3::timestamptz + make_interval(secs => case
        when guess.last_at < $4 or guess.count + 1 < $5 then 0
        else least(power(2, least(guess.count + 1 - $5, 20)), $6::float8)
    end)
where guess.free_at <= $3
returning count
