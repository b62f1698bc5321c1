-- Events that committed with a change and wait to be sent. A row is removed once the broker has it.
create table outbox_event (
    position    bigint generated always as identity primary key,
    id          uuid        not null,
    topic       text        not null,
    message_key text        not null,
    type        text        not null,
    source      text        not null,
    subject     text        not null,
    occurred_at timestamptz not null,
    data        text        not null,
    -- Set when the broker refuses this very row for good; what follows on its key waits behind it.
    blocked_at  timestamptz,
    last_error  text
);

create index outbox_event_blocked on outbox_event (topic, message_key, position) where blocked_at is not null;

-- Rows come and go all the time: vacuum early, so that the first page stays small.
alter table outbox_event set (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);

-- Which events a consumer of this service has handled.
create table inbox_event (
    consumer    text        not null,
    event_id    uuid        not null,
    received_at timestamptz not null,
    primary key (consumer, event_id)
);

create index inbox_event_received_at on inbox_event (received_at);
