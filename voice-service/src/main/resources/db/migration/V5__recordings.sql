-- Finished speech that is kept in the blob store for all instances. What the speech is a text of can
-- not be told from its key, which is a digest.
create table cached_speech (
    key        text        primary key,
    -- What its listeners know it by, and its entity tag.
    id         uuid        not null unique,
    -- Null for introductions of preset voices, which are the same for everybody.
    user_id    bigint,
    persona_id bigint,
    source     text        not null,
    format     text        not null,
    blob_key   text        not null unique,
    size_bytes integer     not null check (size_bytes > 0),
    used_at    timestamptz not null
);

create index cached_speech_user on cached_speech (user_id);
create index cached_speech_persona on cached_speech (persona_id);
create index cached_speech_used on cached_speech (used_at);

-- Files of such speech that no row refers to, as loose_sample has those of samples.
create table loose_speech (
    blob_key text        primary key,
    since    timestamptz not null
);

-- A speech may end while its persona or its listener's account is erased. It is not kept: whoever
-- erases holds the lock of the account or the row of the persona, and is waited for.
create function ignore_erased_speech() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(account_lock(new.user_id));
    if exists (select from erased_account where user_id = new.user_id) then
        return null;
    end if;
    perform from known_persona where persona_id = new.persona_id and state = 'active' for share;
    if not found then
        return null;
    end if;
    return new;
end
$$;

create trigger ignore_erased_speech before insert on cached_speech
    for each row when (new.user_id is not null) execute function ignore_erased_speech();
