-- What became of the accounts of old installations. A row outlives its account: importing the same file once
-- more must not bring back who has left since. It has names of places and numbers, and says nothing of anybody.
create table import_origin (
    -- The name of the old installation, and of the row there, such as users:7.
    source      varchar(40)  not null,
    row_key     varchar(100) not null,
    -- No reference: the number of an account that is gone is never given again.
    account_id  bigint       not null,
    -- Whether it was opened from that row, or was here before and is taken for the same person's.
    created     boolean      not null,
    imported_at timestamptz  not null,
    primary key (source, row_key)
);
create index import_origin_by_account on import_origin (account_id);

-- Accounts that are imported keep their numbers, and the numbers given from then on are above them. The
-- application's role may take numbers and not set them, so this is done for it: upwards only, and no further
-- than leaves numbers for ever. Nobody takes a number meanwhile: who inserts waits for the table.
create function raise_account_numbers(lowest bigint) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if lowest > 1000000000 then
        raise exception 'An imported account has a number below one thousand million'
            using errcode = 'check_violation';
    end if;
    lock table account in share row exclusive mode;
    perform setval('account_id_seq', lowest)
    where lowest > (select last_value from account_id_seq);
end $$;
