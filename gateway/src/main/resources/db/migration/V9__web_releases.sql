-- The files of the web app of the last releases that were started: a page comes from one gateway and its files from any,
-- also while gateways of two releases run side by side.
create table web_release (
    -- What the address of its files begins with.
    digest     text        primary key check (char_length(digest) = 12),
    -- The last time that a gateway of it was.
    started_at timestamptz not null
);

create table web_file (
    digest  text  not null references web_release (digest) on delete cascade,
    path    text  not null check (char_length(path) <= 100),
    content bytea not null,
    primary key (digest, path)
);
