-- What became of the voice samples of old installations. A row outlives its sample: importing the same files
-- once more must not bring back what its user has deleted since. It has names of places and numbers.
create table import_origin (
    -- The name of the old installation, and of the file there, such as voices:7.
    source      varchar(40)  not null,
    row_key     varchar(100) not null,
    persona_id  bigint       not null references known_persona,
    imported_at timestamptz  not null,
    primary key (source, row_key)
);
