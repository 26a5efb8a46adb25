-- What the program's own role must not be able to do: alter the record, or own it.
select
    record.name as "relation!",
    has_table_privilege(current_user, record.name, 'update, delete, truncate') as "can_alter!"
from unnest(array[
    'portcullis.attempts', 'portcullis.outcomes', 'portcullis.denials', 'portcullis.events', 'portcullis.seals',
    'portcullis.checkpoints', 'portcullis.retentions'
]) as record (name)
