-- What each message means, as a vector: see docs/decisions/0055-vectors.md.
CREATE TABLE message_vector (
  user_id    bigint  NOT NULL,
  persona_id bigint  NOT NULL,
  -- No foreign key: an erasure takes the tables one after the other. Whoever removes or edits a message
  -- removes its vector in the same transaction, and that of the next message, which has a part of it.
  message_id uuid    NOT NULL,
  -- Counts the vectors of the pair in the order in which they were committed.
  position   bigint  NOT NULL,
  -- What made it; with another model it is made anew.
  model      text    NOT NULL CHECK (char_length(model) BETWEEN 1 AND 200),
  dimensions integer NOT NULL,
  -- Bytes with a sign, the largest of them 127.
  vector     bytea   STORAGE EXTERNAL NOT NULL CHECK (octet_length(vector) = dimensions),
  PRIMARY KEY (user_id, persona_id, message_id),
  FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory ON DELETE CASCADE
)
PARTITION BY HASH (user_id, persona_id);

-- What came since somebody looked last.
CREATE INDEX message_vector_position ON message_vector (user_id, persona_id, position);

DO $$
DECLARE part regclass;
BEGIN
  FOR number IN 0..15 LOOP
    EXECUTE format(
      'CREATE TABLE message_vector_p%s PARTITION OF message_vector FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      lpad(number::text, 2, '0'), number);
  END LOOP;
  -- A partition addressed by its own name does not ask the parent's policies.
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'message_vector'::regclass LOOP
    PERFORM protect_memory(part, 'message_id');
  END LOOP;
END
$$;
SELECT protect_memory('message_vector', 'message_id');
GRANT SELECT, INSERT, DELETE, UPDATE (position, model, dimensions, vector) ON message_vector TO "${app_role}";

ALTER TABLE persona_memory
  -- The greatest position that a vector of the pair was given.
  ADD COLUMN vectors bigint NOT NULL DEFAULT 0,
  -- All messages with a lesser id have a vector of this model. Null: none need have.
  ADD COLUMN embedded_before uuid,
  ADD COLUMN embedded_by text;
GRANT UPDATE (vectors, embedded_before, embedded_by) ON persona_memory TO "${app_role}";
