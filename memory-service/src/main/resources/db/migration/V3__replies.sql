-- Which message a message replies to: each has one reply, so that a turn that is taken twice is
-- stored once. No foreign key: when a message is gone, its reply may stay.
ALTER TABLE chat_message ADD COLUMN in_reply_to uuid;
CREATE UNIQUE INDEX chat_message_in_reply_to
  ON chat_message (user_id, persona_id, in_reply_to) WHERE in_reply_to IS NOT NULL;

-- A message is never changed. Locking one needs the privilege to update a column of it.
GRANT UPDATE (in_reply_to) ON chat_message TO "${app_role}";
