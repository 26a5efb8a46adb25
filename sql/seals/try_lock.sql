-- Only one instance seals at a time. The number says "seals" in ASCII.
select pg_try_advisory_xact_lock(495622122611) as "locked!"
