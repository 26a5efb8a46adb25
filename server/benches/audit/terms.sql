create index calls_by_term on portcullis.calls using gin (terms) with (fastupdate = off)
