-- The greatest id that a message of the pair was given. It is read and raised by whoever holds the
-- row's lock, which is kept until the commit: so the order of ids is the order of commits, and a
-- reader who goes on after the last id it has seen misses nothing.
ALTER TABLE persona_memory ADD COLUMN last_message_id uuid;
-- Each message changes it: room on the page keeps these updates out of the indexes.
ALTER TABLE persona_memory SET (fillfactor = 70);
GRANT UPDATE (last_message_id) ON persona_memory TO "${app_role}";

-- For what is there already. Forced row security would hide it from the owner, too.
ALTER TABLE persona_memory NO FORCE ROW LEVEL SECURITY;
ALTER TABLE chat_message NO FORCE ROW LEVEL SECURITY;
UPDATE persona_memory SET last_message_id = (
  SELECT id FROM chat_message
  WHERE chat_message.user_id = persona_memory.user_id
    AND chat_message.persona_id = persona_memory.persona_id
  ORDER BY id DESC LIMIT 1);
ALTER TABLE chat_message FORCE ROW LEVEL SECURITY;
ALTER TABLE persona_memory FORCE ROW LEVEL SECURITY;

-- The id that is proposed, or the one right after the last when clocks differ or have gone back.
-- The lower half of a UUIDv7 has its variant in front and 62 random bits after it, so adding one
-- changes nothing else.
CREATE FUNCTION message_id_after(last uuid, proposed uuid) RETURNS uuid LANGUAGE sql IMMUTABLE
  RETURN CASE
    WHEN last IS NULL OR proposed > last THEN proposed
    ELSE (left(last::text, 19)
      || to_hex(('x' || replace(right(last::text, 17), '-', ''))::bit(64)::bigint + 1))::uuid
  END;
