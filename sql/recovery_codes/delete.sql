delete from portcullis.recovery_codes
where person_id = $1
