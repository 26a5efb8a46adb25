delete from portcullis.factors
where person_id = $1
