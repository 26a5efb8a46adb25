-- Whether each attempt from the one identifier up to the other is among the calls, or known to be open. Calls and open calls
-- are attempts, and no attempt is both: so it is enough to count, and that needs the three keys alone.
select
    (select count(*) from portcullis.attempts where id >= $1 and id < $2)
    = (select count(*) from portcullis.calls where id >= $1 and id < $2)
    + (select count(*) from portcullis.open_calls where id >= $1 and id < $2) as "is_whole!"
