-- Only one instance fills the index at a time. The number says "calls" in ASCII.
select pg_try_advisory_xact_lock(426836257907) as "locked!"
