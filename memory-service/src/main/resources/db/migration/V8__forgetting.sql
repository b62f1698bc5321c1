-- Forgetting is a mark: what a pair has at or below it is hidden at once from whoever asks, and erased
-- soon after. Null when nothing is left of what was forgotten: messages of the past may come back then.
ALTER TABLE persona_memory ADD COLUMN forgotten_upto uuid;
GRANT UPDATE (forgotten_upto) ON persona_memory TO "${app_role}";

-- Called for each table with rows of a pair that can be forgotten, in place of protect_pair. The column
-- is the key of the rows, made by message_id_after. The eraser alone is shown what is forgotten.
CREATE FUNCTION protect_memory(held regclass, key name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM protect_pair(held);
  EXECUTE format('DROP POLICY pair ON %s', held);
  EXECUTE format($policy$
    CREATE POLICY pair ON %1$s
      USING (user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::bigint)
        AND persona_id = (SELECT NULLIF(current_setting('app.persona_id', true), '')::bigint)
        AND %2$I > (SELECT COALESCE(
          CASE WHEN current_setting('app.forgotten', true) IS DISTINCT FROM 'shown' THEN (
            SELECT memory.forgotten_upto FROM persona_memory memory
            WHERE memory.user_id = NULLIF(current_setting('app.user_id', true), '')::bigint
              AND memory.persona_id = NULLIF(current_setting('app.persona_id', true), '')::bigint) END,
          '00000000-0000-0000-0000-000000000000'::uuid)))
    $policy$, held, key);
END
$$;
REVOKE ALL ON FUNCTION protect_memory(regclass, name) FROM PUBLIC;

DROP POLICY pair ON conversation;
DROP POLICY pair ON chat_message;
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'chat_message'::regclass LOOP
    EXECUTE format('DROP POLICY pair ON %s', part);
    PERFORM protect_memory(part, 'id');
  END LOOP;
END
$$;
SELECT protect_memory('conversation', 'id');
SELECT protect_memory('chat_message', 'id');
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation TO "${app_role}";
GRANT SELECT, INSERT, DELETE, UPDATE (content, edited_at) ON chat_message TO "${app_role}";
