update portcullis.factors
set key_id = $3,
    secret = $4
where person_id = $1
  and key_id = $2
