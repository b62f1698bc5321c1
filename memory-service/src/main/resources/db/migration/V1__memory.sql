-- The memory of each (user, persona) pair, kept apart by row-level security.
--
-- The application role is named by the placeholder app_role. The platform's default privileges
-- give it DML on every new table; what it does not need here is taken back table by table.

-- What is held -------------------------------------------------------------------------------

-- Personas that are gone for good. Rows never leave: a late or replayed event, or a write that
-- was under way, finds the tombstone and is refused.
CREATE TABLE persona_tombstone (
  persona_id bigint      PRIMARY KEY,
  erasure_id uuid        NOT NULL,
  deleted_at timestamptz NOT NULL,
  -- Rows erased so far, by table: an erasure that was interrupted goes on counting.
  counts     jsonb       NOT NULL DEFAULT '{}',
  -- Null while rows may still be left.
  erased_at  timestamptz
);

-- Who may use which persona: a read model of persona-service's events. It may be emptied and
-- rebuilt by a replay, because what is gone for good stands in persona_tombstone.
CREATE TABLE known_persona (
  persona_id    bigint  PRIMARY KEY,
  -- Null for a persona of the system, which everybody may use.
  owner_user_id bigint,
  active        boolean NOT NULL,
  -- The persona's version that this row tells of; older news is ignored.
  version       bigint  NOT NULL
);

-- One row for each pair that has a memory; everything a pair has hangs on it by foreign key.
CREATE TABLE persona_memory (
  user_id    bigint      NOT NULL,
  persona_id bigint      NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, persona_id)
);

-- An erasure looks for the users of a persona.
CREATE INDEX persona_memory_by_persona ON persona_memory (persona_id, user_id);

CREATE TABLE conversation (
  user_id         bigint      NOT NULL,
  persona_id      bigint      NOT NULL,
  id              uuid        NOT NULL,
  started_at      timestamptz NOT NULL,
  last_message_at timestamptz NOT NULL,
  -- Null while the conversation is open.
  ended_at        timestamptz,
  message_count   bigint      NOT NULL DEFAULT 0,
  tokens_used     bigint      NOT NULL DEFAULT 0,
  summary         text,
  key_topics      text[]      NOT NULL DEFAULT '{}',
  user_mood       text,
  important_facts text[]      NOT NULL DEFAULT '{}',
  PRIMARY KEY (user_id, persona_id, id),
  FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory ON DELETE CASCADE
)
-- Each message updates the counters: room on the page keeps these updates out of the indexes.
WITH (fillfactor = 70);

CREATE UNIQUE INDEX conversation_open ON conversation (user_id, persona_id) WHERE ended_at IS NULL;

CREATE TABLE chat_message (
  user_id           bigint      NOT NULL,
  persona_id        bigint      NOT NULL,
  -- UUIDv7: the order of ids is the order of time, and the key of the pages.
  id                uuid        NOT NULL,
  conversation_id   uuid        NOT NULL,
  role              text        NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
  content           text        NOT NULL CHECK (char_length(content) BETWEEN 1 AND 32000),
  created_at        timestamptz NOT NULL,
  model             text,
  tokens            integer     CHECK (tokens >= 0),
  client_message_id text,
  idempotency_key   text,
  metadata          jsonb,
  PRIMARY KEY (user_id, persona_id, id),
  FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory ON DELETE CASCADE
)
PARTITION BY HASH (user_id, persona_id);

CREATE UNIQUE INDEX chat_message_client_message_id
  ON chat_message (user_id, persona_id, client_message_id) WHERE client_message_id IS NOT NULL;
CREATE UNIQUE INDEX chat_message_idempotency_key
  ON chat_message (user_id, persona_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

DO $$
BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format(
      'CREATE TABLE chat_message_p%s PARTITION OF chat_message FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      lpad(part::text, 2, '0'), part);
  END LOOP;
END
$$;

-- The newest switch of each user that has been heard of. The version outlives the memory of the
-- persona, so that an older switch stays recognisable as old.
CREATE TABLE last_switch (
  user_id    bigint PRIMARY KEY,
  persona_id bigint,
  version    bigint NOT NULL,
  FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory ON DELETE SET NULL (persona_id)
);
CREATE INDEX last_switch_persona ON last_switch (user_id, persona_id);

-- Who may see and do what --------------------------------------------------------------------

-- The pair that a transaction is bound to. A reused connection reads '' instead of NULL; both
-- mean that no pair is set and no row matches.
-- Called for each table that holds what belongs to a pair; later migrations call it, too.
CREATE FUNCTION protect_pair(held regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', held);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', held);
  EXECUTE format($policy$
    CREATE POLICY pair ON %s
      USING (user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::bigint)
        AND persona_id = (SELECT NULLIF(current_setting('app.persona_id', true), '')::bigint))
    $policy$, held);
  EXECUTE format('REVOKE ALL ON %s FROM "${app_role}"', held);
END
$$;
REVOKE ALL ON FUNCTION protect_pair(regclass) FROM PUBLIC;

SELECT protect_pair('persona_memory');
SELECT protect_pair('conversation');
SELECT protect_pair('chat_message');
-- A partition addressed by its own name does not ask the parent's policies.
SELECT protect_pair(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'chat_message'::regclass;

-- A user's last switch moves from persona to persona: it is bound to the user, and can only be
-- moved to the persona of the pair.
ALTER TABLE last_switch ENABLE ROW LEVEL SECURITY;
ALTER TABLE last_switch FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON last_switch
  USING (user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::bigint)
    AND (SELECT NULLIF(current_setting('app.persona_id', true), '')) IS NOT NULL)
  WITH CHECK (user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::bigint)
    AND persona_id = (SELECT NULLIF(current_setting('app.persona_id', true), '')::bigint));
REVOKE ALL ON last_switch FROM "${app_role}";

-- An erasure has to find the users whose memory of a deleted persona is left. This shows it the
-- pairs of the persona it names, once that has a tombstone, and nothing that hangs on them: what
-- they hold is erased pair by pair, under the policy that binds everybody.
CREATE POLICY erasure ON persona_memory FOR SELECT
  USING (persona_id = (SELECT NULLIF(current_setting('app.erase_persona_id', true), '')::bigint)
    AND EXISTS (SELECT FROM persona_tombstone gone WHERE gone.persona_id = persona_memory.persona_id));

-- Locking a row needs the privilege to update a column of it.
GRANT SELECT, INSERT, DELETE, UPDATE (created_at) ON persona_memory TO "${app_role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation TO "${app_role}";
-- A message is never changed.
GRANT SELECT, INSERT, DELETE ON chat_message TO "${app_role}";
GRANT SELECT, INSERT, UPDATE ON last_switch TO "${app_role}";
REVOKE ALL ON known_persona FROM "${app_role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON known_persona TO "${app_role}";
REVOKE ALL ON persona_tombstone FROM "${app_role}";
GRANT SELECT, INSERT, UPDATE (counts, erased_at) ON persona_tombstone TO "${app_role}";

-- Why nothing comes back ---------------------------------------------------------------------

-- Whoever opens a memory holds this lock shared until the commit; whoever sets a tombstone takes
-- it alone. So a tombstone waits for the writers before it, and every writer after it sees it.
CREATE FUNCTION persona_lock(persona_id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN hashtextextended('persona ' || persona_id, 0);

CREATE FUNCTION refuse_erased_persona() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(persona_lock(NEW.persona_id));
  IF EXISTS (SELECT FROM persona_tombstone WHERE persona_id = NEW.persona_id) THEN
    RAISE EXCEPTION 'persona % is erased', NEW.persona_id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'persona_memory_not_erased';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER refuse_erased_persona BEFORE INSERT ON persona_memory
  FOR EACH ROW EXECUTE FUNCTION refuse_erased_persona();
