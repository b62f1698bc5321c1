-- Personas that came along from an old installation where they were switched off. They are there for
-- their owners, with their memory, and are not offered: they stand in no list and nobody switches to them.
alter table persona add column active boolean not null default true;

-- What is not offered keeps no name from what is.
drop index persona_name_per_owner;
create unique index persona_name_per_owner
    on persona (coalesce(owner_user_id, 0), casefold(normalize(name, nfkc) collate pg_unicode_fast))
    where deleted_at is null and active;

-- What became of the personas and pictures of old installations. A row outlives its persona: importing the same file once
-- more must not bring back what its user has deleted since. It has names of places and numbers, nobody's text.
create table import_origin (
    -- The name of the old installation, and of the row there, such as persona_profiles:7.
    source      varchar(40)  not null,
    row_key     varchar(100) not null,
    persona_id  bigint       not null references persona (id),
    -- Whether it was made from that row. Else it was here before and is taken for the same one, or the row is
    -- its picture.
    created     boolean      not null,
    imported_at timestamptz  not null,
    primary key (source, row_key)
);
create index import_origin_by_persona on import_origin (persona_id);
