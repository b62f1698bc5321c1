-- Built-in personas that were deleted while users had them active: everybody of them is moved to the
-- default persona by and by. A row stays for a while after the last one, because a switch that began
-- before the deletion may commit after it.
create table retired_persona (
    persona_id bigint      primary key references persona (id),
    -- When somebody was last found who had it active; at first, when it was deleted.
    since      timestamptz not null
);
