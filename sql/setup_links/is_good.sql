select exists (
    select
    from portcullis.setup_links
    where hash = $1
      and used_at is null
      and expires_at > $2
) as "is_good!"
