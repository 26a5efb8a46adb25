-- The record is kept by the month, 2 of 3: looks through the rows of before. Calls go on meanwhile.

alter table portcullis.attempts validate constraint before;
alter table portcullis.outcomes validate constraint before;
alter table portcullis.denials validate constraint before;
alter table portcullis.events validate constraint before;
