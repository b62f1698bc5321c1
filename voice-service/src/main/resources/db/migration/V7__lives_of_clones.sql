-- Consent may be withdrawn and given again while a clone is still being made, so the same sample may
-- have two in the making: one for each attempt.
alter table clone_in_making add column attempt integer not null default 0;
alter table clone_in_making drop constraint clone_in_making_pkey;
alter table clone_in_making add primary key (sample_id, attempt);

alter table voice_sample
    -- Attempts that failed since the last one that did not: they decide when the next one is made.
    add column clone_failures integer not null default 0,
    -- The clone is there, but ElevenLabs lets nobody use it until the account's owner has proved
    -- whose voice it is.
    add column clone_unverified boolean not null default false,
    -- When its persona last spoke, to a few minutes: whose clone makes room when the account is full.
    add column clone_used_at timestamptz,
    -- The clone made room for another one; it is made again when its persona speaks.
    add column clone_resting boolean not null default false;

update voice_sample set clone_used_at = now() where clone_voice_id is not null;

drop index voice_sample_to_clone;
create index voice_sample_to_clone on voice_sample (clone_next_attempt)
    where consent and clone_voice_id is null and not clone_resting;
create index voice_sample_least_used on voice_sample (clone_used_at)
    where clone_voice_id is not null;
