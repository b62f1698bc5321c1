-- The trace of what caused the event. The default is a trace of its own, for rows that wait already
-- and for those that an instance of the version before writes during an upgrade.
alter table outbox_event add column traceparent text not null
    default '00-' || replace(gen_random_uuid()::text, '-', '') || '-'
            || left(replace(gen_random_uuid()::text, '-', ''), 16) || '-00';
