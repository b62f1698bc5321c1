-- Each topic is sent by itself: its first rows, however many of other topics wait before them.
create index outbox_event_topic on outbox_event (topic, position);
