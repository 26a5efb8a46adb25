-- Waits until whoever fills the index is done; at most for as long as `lock_timeout`.
select pg_advisory_xact_lock(426836257907)
