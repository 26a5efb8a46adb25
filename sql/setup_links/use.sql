-- Good once, and only while nobody is known.
update portcullis.setup_links
set used_at = $2
where hash = $1
  and used_at is null
  and expires_at > $2
  and not exists (select from portcullis.people)
returning hash
