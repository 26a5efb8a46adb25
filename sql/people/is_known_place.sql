select exists (
    select
    from portcullis.places
    where person_id = $1
      and network = $2
      and last_at > $3
) as "is_known_place!"
