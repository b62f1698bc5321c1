-- How many requests for speech the account at ElevenLabs may have under way at the same time, all
-- instances together. One row; the number is what ElevenLabs last said, and at first that of its
-- smallest plan.
create table speech_slots (
    one  boolean primary key default true check (one),
    size integer not null check (size > 0)
);

insert into speech_slots (size) values (2);

-- Who holds one of them and who waits for one, in the order in which they came. Times are the
-- database's, which all instances share: what is not renewed ends by itself.
create table speech_slot (
    ticket   uuid        primary key,
    place    bigint      generated always as identity,
    instance uuid        not null,
    held     boolean     not null default false,
    until    timestamptz not null
);

create index speech_slot_waiting on speech_slot (place) where not held;

-- One turn of an instance: gives back what it has done with, queues up what it wants, renews what it
-- holds and what it has waited with for a while, and hands out what is free to whoever comes next, of whatever instance; those of others are
-- told. Turns come one after the other. Returns what the instance holds.
create function speech_slots_turn(
    whose uuid, ended uuid[], wanted uuid[], most integer, lease interval, patience interval)
    returns setof uuid language plpgsql as $$
declare
    free integer;
    others integer;
begin
    select least(size, most) into free from speech_slots for update;
    delete from speech_slot where ticket = any (ended) or until < clock_timestamp();
    insert into speech_slot (ticket, instance, until)
        select each, whose, clock_timestamp() + patience from unnest(wanted) as each
        on conflict do nothing;
    update speech_slot set until = clock_timestamp() + case when held then lease else patience end
        where instance = whose and (held or until < clock_timestamp() + patience / 2);
    free := free - (select count(*) from speech_slot where held);
    if free > 0 then
        with given as (
            update speech_slot set held = true, until = clock_timestamp() + lease
            where ticket in (
                select ticket from speech_slot where not held order by place limit free)
            returning instance)
        select count(*) into others from given where instance <> whose;
        if others > 0 then
            perform pg_notify('speech_slots', '');
        end if;
    end if;
    return query select ticket from speech_slot where held and instance = whose;
end
$$;
