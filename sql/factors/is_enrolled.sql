select exists (select from portcullis.factors where person_id = $1) as "is_enrolled!"
