-- Whose a loose picture is: the receipt for an erased account comes after the end of all its pictures,
-- also of those that were replaced or left over long before.
alter table loose_picture add column owner_id bigint;
create index loose_picture_by_owner on loose_picture (owner_id) where owner_id is not null;

-- The erasure that a receipt is to answer once the pictures are gone; null when none waits.
alter table erased_account add column receipt_due uuid;
create index erased_account_receipt_due on erased_account (user_id) where receipt_due is not null;

-- An upload for an erased account is refused before it is stored. '-infinity' is a picture that was
-- given up: that goes on for an erased account, too.
create or replace function refuse_erased_account() returns trigger language plpgsql as $$
declare
    account bigint;
begin
    if tg_table_name = 'persona' then
        account := new.owner_user_id;
    elsif tg_table_name = 'active_persona' then
        account := new.user_id;
    elsif tg_table_name = 'loose_picture' then
        account := new.owner_id;
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

create trigger refuse_erased_account before insert on loose_picture
    for each row when (new.owner_id is not null and new.since > '-infinity')
    execute function refuse_erased_account();
