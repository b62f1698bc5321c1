-- Files in the blob store that no sample refers to: just stored and not taken yet, or replaced and
-- not removed yet. What stays here for long is swept away, so a crash leaves no orphan.
create table loose_sample (
    blob_key text        primary key,
    since    timestamptz not null
);
