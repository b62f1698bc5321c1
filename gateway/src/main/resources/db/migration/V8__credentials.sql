-- Sessions and keys are the same thing: a random secret that names a caller. Only its SHA-256 is kept: it has 256
-- random bits, so there is nothing to guess and no need for a slow hash, and whoever reads this table can sign in
-- nowhere.
create table credential (
    id              uuid        primary key,
    account_id      bigint      not null references account (id) on delete cascade,
    kind            text        not null check (kind in ('session', 'key')),
    secret_hash     bytea       not null,
    created_at      timestamptz not null,
    -- To the minute. A session is used when it begins.
    last_used_at    timestamptz,
    -- Of a key: how its owner calls it.
    name            text        check (char_length(name) between 1 and 100),
    -- Of a session: where it was begun, and the version that the account had then; void when it has another one.
    address         text        check (char_length(address) <= 100),
    user_agent      text        check (char_length(user_agent) <= 200),
    account_version int,
    check (case kind
        when 'key' then name is not null and account_version is null
        else name is null and account_version is not null and last_used_at is not null
             and address is not null and user_agent is not null end)
);
-- Every request that is not remembered is one look-up here.
create unique index credential_secret on credential (secret_hash);
create index credential_account on credential (account_id, created_at);
-- For those that ended by themselves.
create index credential_session_created on credential (created_at) where kind = 'session';
create index credential_session_used on credential (last_used_at) where kind = 'session';

-- Who was signed in stays so. The cookie holds the base64 of the session's id.
create function credential_of_session(session spring_session, signed_in bytea) returns void language sql as $$
    insert into credential (id, account_id, kind, secret_hash, created_at, last_used_at, address, user_agent,
                            account_version)
    select session.primary_id::uuid, split_part(line, e'\t', 1)::bigint, 'session',
           sha256(convert_to(encode(convert_to(session.session_id, 'UTF8'), 'base64'), 'UTF8')),
           to_timestamp(session.creation_time / 1000.0), to_timestamp(session.last_access_time / 1000.0),
           left(split_part(line, e'\t', 4), 100), left(split_part(line, e'\t', 5), 200),
           split_part(line, e'\t', 3)::int
    from convert_from(signed_in, 'UTF8') as line
    where session.expiry_time > extract(epoch from now()) * 1000
    on conflict do nothing
$$;
select credential_of_session(s, a.attribute_bytes)
from spring_session s join spring_session_attributes a on a.session_primary_id = s.primary_id
where a.attribute_name = 'signed_in' and s.account_id is not null;

insert into credential (id, account_id, kind, secret_hash, created_at, last_used_at, name)
select id, account_id, 'key', key_hash, created_at, last_used_at, name from api_key;

-- Gateways of the release before go on with the tables that they know until the last of them is exchanged. What
-- begins there begins here, what ends here ends there, and the other way round. A later release drops them.
create function begin_former_session() returns trigger language plpgsql as $$
begin
    if new.attribute_name = 'signed_in' then
        perform credential_of_session(s, new.attribute_bytes)
        from spring_session s where s.primary_id = new.session_primary_id;
    end if;
    return null;
end $$;
create trigger former_session_begins after insert on spring_session_attributes
    for each row execute function begin_former_session();

create function begin_former_key() returns trigger language plpgsql as $$
begin
    insert into credential (id, account_id, kind, secret_hash, created_at, last_used_at, name)
    values (new.id, new.account_id, 'key', new.key_hash, new.created_at, new.last_used_at, new.name)
    on conflict do nothing;
    return null;
end $$;
create trigger former_key_begins after insert on api_key
    for each row execute function begin_former_key();

create function end_former_session() returns trigger language plpgsql as $$
begin
    delete from credential where id = old.primary_id::uuid;
    return null;
end $$;
create trigger former_session_ends after delete on spring_session
    for each row execute function end_former_session();

create function end_former_key() returns trigger language plpgsql as $$
begin
    delete from credential where id = old.id;
    return null;
end $$;
create trigger former_key_ends after delete on api_key
    for each row execute function end_former_key();

create function end_credential() returns trigger language plpgsql as $$
begin
    if old.kind = 'key' then
        delete from api_key where id = old.id;
    else
        delete from spring_session where primary_id = old.id::text;
    end if;
    return null;
end $$;
create trigger credential_ends after delete on credential
    for each row execute function end_credential();

-- Replicas remember credentials and forget those of an account when they are told. Told by the database, so that
-- nobody who changes something here can fail to tell.
create function tell_of_credential() returns trigger language plpgsql as $$
begin
    perform pg_notify('credential', old.account_id::text);
    return null;
end $$;
create trigger credential_is_gone after delete on credential
    for each row execute function tell_of_credential();
-- Whatever is more than the note of a use.
create trigger credential_changes after update on credential for each row
    when (new.last_used_at is not distinct from old.last_used_at or new.last_used_at < old.last_used_at)
    execute function tell_of_credential();

create function tell_of_account() returns trigger language plpgsql as $$
begin
    perform pg_notify('credential', old.id::text);
    return null;
end $$;
create trigger account_changes after update of role, active, password_version on account
    for each row execute function tell_of_account();

comment on column account.password_version is
    'Counts what voids sessions: another password, another role. A session of an earlier version is none.';
