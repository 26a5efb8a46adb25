-- Only one instance tidies up at a time. The number says "tidy" in ASCII.
select pg_try_advisory_xact_lock(1953064057) as "locked!"
