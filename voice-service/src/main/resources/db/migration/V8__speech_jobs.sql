-- Long texts that are spoken in the background. The rows are the queue: whoever takes one puts its
-- due_at ahead, which is the lease, and proves with the lease's id that it is still the one at it.
create table speech_job (
    id           uuid        primary key,
    user_id      bigint      not null,
    persona_id   bigint      not null references known_persona,
    -- What to say, and by when it may be taken (again); both go with the end.
    text         text,
    due_at       timestamptz,
    characters   integer     not null check (characters between 1 and 50000),
    state        text        not null
        check (state in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    pieces       integer     not null check (pieces between 1 and 50000),
    attempts     integer     not null default 0,
    lease        uuid,
    problem      text,
    voice_source text check (voice_source in ('custom', 'preset', 'default')),
    fallback     text,
    created_at   timestamptz not null,
    taken_at     timestamptz,
    ended_at     timestamptz,
    check ((state in ('queued', 'running')) = (text is not null and due_at is not null)),
    check ((state in ('queued', 'running')) = (ended_at is null)),
    check ((state = 'running') = (lease is not null)),
    check (state <> 'completed' or voice_source is not null)
);

create index speech_job_due on speech_job (due_at) where due_at is not null;
create index speech_job_list on speech_job (user_id, persona_id, created_at desc, id desc);
create index speech_job_turn on speech_job (user_id, taken_at desc) where taken_at is not null;
create index speech_job_persona on speech_job (persona_id);
create index speech_job_ended on speech_job (ended_at) where ended_at is not null;

-- The audio, in pieces as they were spoken: what one worker has said the next one need not say again.
create table speech_job_piece (
    job_id     uuid    not null references speech_job on delete cascade,
    number     integer not null check (number >= 0),
    blob_key   text    not null unique,
    size_bytes integer not null check (size_bytes > 0),
    primary key (job_id, number)
);

-- An account that is gone has nothing spoken any more: such a row is not written, which whoever
-- writes it sees. The lock is that of V2, so the mark of the account waits or is seen.
create function refuse_erased_account() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(account_lock(new.user_id));
    if exists (select from erased_account where user_id = new.user_id) then
        return null;
    end if;
    return new;
end
$$;

create trigger refuse_erased_account before insert or update on speech_job
    for each row execute function refuse_erased_account();

-- Files in the blob store that no piece refers to, as loose_sample has them for samples.
create table loose_job_audio (
    blob_key text        primary key,
    since    timestamptz not null,
    owner_id bigint      not null
);

create index loose_job_audio_owner on loose_job_audio (owner_id);

-- Personas that are gone for good, with the sum of what was erased of each, as for accounts: told
-- again, the service answers with the same sum.
create table erased_persona (
    persona_id bigint      primary key,
    erasure_id uuid        not null,
    deleted_at timestamptz not null,
    counts     jsonb       not null default '{}',
    -- Null while a clone is still at the cloning service; until then there is no receipt.
    erased_at  timestamptz
);

create function persona_lock(persona_id bigint) returns bigint language sql immutable
    return hashtextextended('persona ' || persona_id, 0);

insert into erased_persona (persona_id, erasure_id, deleted_at, counts)
    select distinct on (persona_id) persona_id, erasure_id, since,
        jsonb_build_object('voice_sample', samples, 'blob', blobs, 'clone', clones)
    from pending_erasure order by persona_id, since desc;
drop table pending_erasure;
