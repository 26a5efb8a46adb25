-- Takes a step, if neither it nor a later one was taken before: of two who show the same code, one is let in.
update portcullis.factors
set last_step = $2
where person_id = $1
  and last_step < $2
returning person_id
