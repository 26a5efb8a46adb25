-- Denials and events are few beside the calls: they are looked through where they are, and those of one person found.

create index denials_of_a_person on portcullis.denials (person_id, id);
create index events_of_a_person on portcullis.events (person_id, id) where person_id is not null;
