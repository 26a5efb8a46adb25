select exists (select from portcullis.people) as "exist!"
