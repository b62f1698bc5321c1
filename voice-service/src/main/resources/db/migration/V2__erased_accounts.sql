-- Accounts that are gone for good. Rows never leave: a token that is still valid, an upload under
-- way or a late event finds the account here. This is all that goes on naming the user.
create table erased_account (
    user_id      bigint      primary key,
    erasure_id   uuid        not null,
    erased_at    timestamptz not null,
    -- What was erased, by kind: asked again, the service answers with the same sum.
    counts       jsonb       not null default '{}',
    -- Null while a clone is still at the cloning service; until then there is no receipt.
    completed_at timestamptz
);

-- As in the other services: whoever takes news of a user's persona holds this lock shared until
-- the commit; whoever buries the account takes it alone.
create function account_lock(user_id bigint) returns bigint language sql immutable
    return hashtextextended('account ' || user_id, 0);

-- News of a persona may come after its owner's account is gone, on another topic. They have no
-- effect, which is no fault of whoever tells them. Without a known persona there is no upload.
create function ignore_erased_account() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(account_lock(new.owner_user_id));
    if exists (select from erased_account where user_id = new.owner_user_id) then
        return null;
    end if;
    return new;
end
$$;

create trigger ignore_erased_account before insert on known_persona
    for each row when (new.owner_user_id is not null) execute function ignore_erased_account();

create index voice_sample_owner on voice_sample (owner_user_id);

-- Until when a clone may be in the making: the lease of whoever makes it.
alter table voice_sample add column cloning_until timestamptz;

-- Whose clone it was, for the erasure of the account.
alter table clone_removal add column owner_user_id bigint;
update clone_removal r set owner_user_id = k.owner_user_id
    from known_persona k where k.persona_id = r.persona_id;
create index clone_removal_owner on clone_removal (owner_user_id);

-- Samples that were removed while a clone of them was being made. A row becomes one of clone_removal
-- when the clone is there, and goes when it is not or when the lease has ended.
create table clone_in_making (
    sample_id     uuid        primary key,
    persona_id    bigint      not null,
    owner_user_id bigint      not null,
    until         timestamptz not null
);

-- Clones without a sample that the cloning service may still hold.
create view unfinished_clone as
    select persona_id, owner_user_id from clone_removal
    union all
    select persona_id, owner_user_id from clone_in_making;
