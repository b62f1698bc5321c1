-- A session belongs to an account that is there: it goes with the account, and one that a sign-in
-- begins while the account is being deleted is refused.
delete from spring_session s where not exists (select from account a where a.id::text = s.principal_name);
alter table spring_session
    add column account_id bigint generated always as (principal_name::bigint) stored
        references account (id) on delete cascade;
create index spring_session_account on spring_session (account_id);

-- What became of a deleted account in the services. Its number is all that is left of it.
create table erasure (
    id           uuid        primary key,
    user_id      bigint      not null unique,
    requested_at timestamptz not null,
    -- When the deletion was last told to the services.
    told_at      timestamptz not null
);

create table erasure_receipt (
    erasure_id  uuid         not null references erasure (id),
    service     varchar(100) not null,
    received_at timestamptz,
    -- What the service erased, such as {"chat_message": 12}.
    counts      jsonb,
    primary key (erasure_id, service)
);

create index erasure_receipt_missing on erasure_receipt (erasure_id) where received_at is null;

-- The number of an erased account is never given to another one, not by an import either.
create function refuse_an_erased_number() returns trigger language plpgsql as $$
begin
    if exists (select from erasure where user_id = new.id) then
        raise exception 'The account % was erased', new.id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger account_is_not_erased before insert on account
    for each row execute function refuse_an_erased_number();
