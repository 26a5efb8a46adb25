update portcullis.people
set staff = $2,
    auditor = $3,
    admin = $4
where id = $1
  and (staff, auditor, admin) is distinct from ($2, $3, $4)
returning id
