-- When the text of a message was changed; the old text is not kept.
ALTER TABLE chat_message ADD COLUMN edited_at timestamptz;

-- Who speaks, when and in reply to what never changes.
REVOKE UPDATE (in_reply_to) ON chat_message FROM "${app_role}";
GRANT UPDATE (content, edited_at) ON chat_message TO "${app_role}";

-- Messages that are imported belong to the conversation of their own time.
CREATE INDEX conversation_by_start ON conversation (user_id, persona_id, started_at);
