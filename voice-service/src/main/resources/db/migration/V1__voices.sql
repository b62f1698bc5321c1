-- What this service knows of personas, carried here by their events. A deleted persona keeps its
-- row as a tombstone, stripped of everything but its id, so that no late event revives it.
create table known_persona (
    persona_id    bigint primary key,
    owner_user_id bigint,
    name          text,
    voice_id      text,
    state         text        not null check (state in ('active', 'inactive', 'deleted')),
    version       bigint      not null check (version >= 0),
    voice_version bigint      not null default 0,
    updated_at    timestamptz not null,
    check (state <> 'deleted' or (owner_user_id is null and name is null and voice_id is null))
);

create index known_persona_owner on known_persona (owner_user_id) where owner_user_id is not null;

-- The one uploaded sample of a persona, and what became of it at the cloning service.
create table voice_sample (
    id                 uuid primary key,
    persona_id         bigint      not null unique references known_persona,
    owner_user_id      bigint      not null,
    blob_key           text        not null unique,
    media_type         text        not null,
    size_bytes         integer     not null check (size_bytes between 1 and 10485760),
    duration_ms        integer     not null check (duration_ms between 1000 and 180000),
    consent            boolean     not null,
    clone_voice_id     text unique,
    clone_problem      text,
    clone_attempts     integer     not null default 0,
    clone_next_attempt timestamptz,
    created_at         timestamptz not null
);

create index voice_sample_to_clone on voice_sample (clone_next_attempt)
    where consent and clone_voice_id is null;

-- Clones that are no longer wanted and must be deleted at the cloning service. A row goes when the
-- service has confirmed; until then an erasure of the persona is not complete.
create table clone_removal (
    clone_voice_id text primary key,
    persona_id     bigint      not null,
    requested_at   timestamptz not null,
    attempts       integer     not null default 0,
    next_attempt   timestamptz not null,
    problem        text
);

create index clone_removal_due on clone_removal (next_attempt);
create index clone_removal_persona on clone_removal (persona_id);

-- Erasures whose receipt waits for the last clone to be deleted.
create table pending_erasure (
    erasure_id uuid primary key,
    persona_id bigint      not null,
    samples    bigint      not null,
    blobs      bigint      not null,
    clones     bigint      not null,
    since      timestamptz not null
);

create index pending_erasure_persona on pending_erasure (persona_id);
