-- Only the newest link is good.
update portcullis.setup_links
set used_at = $1
where used_at is null
