-- What an ended conversation was understood to be about, and since when. Null means: not understood yet.
ALTER TABLE conversation
  ADD COLUMN title text,
  ADD COLUMN summarised_at timestamptz,
  -- What understood it: 'extract', or the name of a model.
  ADD COLUMN summarised_by text,
  -- Raised by each change of its texts once they stand, and each time it is understood. What was read at
  -- one revision is never written at another one.
  ADD COLUMN revision bigint NOT NULL DEFAULT 0,
  -- All of its messages are between these two, both included; there may be others among them, and these
  -- two may be gone. So its messages are found without an index of their own.
  ADD COLUMN first_message_id uuid,
  ADD COLUMN last_message_id uuid;

-- The pages of the list, newest first, and the conversation that went on at a time.
DROP INDEX conversation_by_start;
CREATE INDEX conversation_by_start ON conversation (user_id, persona_id, started_at, id);
-- What is still to be understood.
CREATE INDEX conversation_not_understood ON conversation (user_id, persona_id, started_at, id)
  WHERE ended_at IS NOT NULL AND summarised_at IS NULL;

-- What the conversations of a pair come to: one row at most that is not forgotten. It is never changed;
-- each new text is a row of its own, so that the mark of what is forgotten covers the old one.
CREATE TABLE rolling_summary (
  user_id    bigint NOT NULL,
  persona_id bigint NOT NULL,
  id         uuid   NOT NULL,
  content    text   NOT NULL CHECK (char_length(content) BETWEEN 1 AND 2000),
  PRIMARY KEY (user_id, persona_id, id),
  FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory ON DELETE CASCADE
);
SELECT protect_memory('rolling_summary', 'id');
GRANT SELECT, INSERT, DELETE ON rolling_summary TO "${app_role}";

-- For what is there already. Forced row security would hide it from the owner, too.
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE chat_message NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memory_work NO FORCE ROW LEVEL SECURITY;
UPDATE conversation SET first_message_id = said.first_id, last_message_id = said.last_id
FROM (
  SELECT user_id, persona_id, conversation_id,
    min(id::text COLLATE "C")::uuid AS first_id, max(id::text COLLATE "C")::uuid AS last_id
  FROM chat_message GROUP BY user_id, persona_id, conversation_id) AS said
WHERE conversation.user_id = said.user_id AND conversation.persona_id = said.persona_id
  AND conversation.id = said.conversation_id;
INSERT INTO memory_work (user_id, persona_id, kind, due_at, next_at)
SELECT DISTINCT user_id, persona_id, 'conversations', now(), now() FROM conversation;
ALTER TABLE memory_work FORCE ROW LEVEL SECURITY;
ALTER TABLE chat_message FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
