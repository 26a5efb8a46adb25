-- What row-scoped views may know of a person beside their name: a region, a team. Names and texts, nothing beneath.

alter table portcullis.people
    add column attributes jsonb not null default '{}',
    add constraint attributes_are_names_and_texts check (
        jsonb_typeof(attributes) = 'object'
        and not jsonb_path_exists(attributes, '$.* ? (@.type() <> "string")')
    );
