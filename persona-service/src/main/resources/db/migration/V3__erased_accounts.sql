-- Accounts that are gone for good. Rows never leave: a token that is still valid, a write under way
-- or a late event finds the account here and is refused. This is all that goes on naming the user.
create table erased_account (
    user_id    bigint      primary key,
    erasure_id uuid        not null,
    erased_at  timestamptz not null,
    -- What was erased, by kind: asked again, the service answers with the same sum.
    counts     jsonb       not null default '{}'
);

-- Whoever makes something for a user holds this lock shared until the commit; whoever buries the
-- account takes it alone. So the burial waits for the writers before it, and every writer after it
-- finds the account buried.
create function account_lock(user_id bigint) returns bigint language sql immutable
    return hashtextextended('account ' || user_id, 0);

create function refuse_erased_account() returns trigger language plpgsql as $$
declare
    account bigint;
begin
    if tg_table_name = 'persona' then
        account := new.owner_user_id;
    elsif tg_table_name = 'active_persona' then
        account := new.user_id;
    else
        account := new.requested_by;
    end if;
    perform pg_advisory_xact_lock_shared(account_lock(account));
    if exists (select from erased_account where user_id = account) then
        -- A state of our own in the class of violated constraints; the service knows it by this.
        raise exception 'the account is erased' using errcode = '23MB1';
    end if;
    return new;
end
$$;

create trigger refuse_erased_account before insert on persona
    for each row when (new.owner_user_id is not null) execute function refuse_erased_account();
create trigger refuse_erased_account before insert on active_persona
    for each row execute function refuse_erased_account();
-- 0 is nobody: who asked is forgotten, or it was the deletion of an account.
create trigger refuse_erased_account before insert on erasure
    for each row when (new.requested_by <> 0) execute function refuse_erased_account();

-- An account's erasure looks for the erasures it asked for; the sweep for those nobody asks about.
create index erasure_by_requester on erasure (requested_by);
