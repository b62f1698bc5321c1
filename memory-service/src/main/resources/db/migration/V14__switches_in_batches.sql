-- Switches come faster than statements: what one of them takes is done here, by one statement for a batch.
-- These functions run with the rights of who calls them; the policies hold as everywhere.

-- Asks for work about a pair, or about all users of a persona or all personas of a user.
-- Due at once without a time; who asks again brings it forward.
CREATE FUNCTION ask_for_work(for_user bigint, for_persona bigint, what text, due timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO memory_work (user_id, persona_id, kind, due_at, next_at)
  VALUES (for_user, for_persona, what, COALESCE(due, now()), COALESCE(due, now()))
  ON CONFLICT ON CONSTRAINT memory_work_once DO UPDATE
  SET requests = memory_work.requests + 1,
      due_at = LEAST(memory_work.due_at, excluded.due_at),
      next_at = CASE WHEN memory_work.lease IS NULL
        THEN LEAST(memory_work.next_at, excluded.next_at) ELSE memory_work.next_at END;
END
$$;

-- Makes sure that the pair which the transaction is bound to has a memory and an open conversation; one
-- that is idle has ended. Keeps the pair locked. Returns whether work was asked for.
CREATE FUNCTION open_conversation(
  of_user bigint, of_persona bigint, new_id uuid, moment timestamptz, idle interval)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  ended bigint;
  opened bigint;
BEGIN
  LOOP
    INSERT INTO persona_memory (user_id, persona_id) VALUES (of_user, of_persona)
    ON CONFLICT DO NOTHING;
    PERFORM FROM persona_memory WHERE user_id = of_user AND persona_id = of_persona
    FOR NO KEY UPDATE;
    -- A pair of which nothing is left may have been removed since: then it begins anew.
    EXIT WHEN FOUND;
  END LOOP;

  UPDATE conversation SET ended_at = last_message_at
  WHERE user_id = of_user AND persona_id = of_persona
    AND ended_at IS NULL AND last_message_at <= moment - idle;
  GET DIAGNOSTICS ended = ROW_COUNT;

  INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at)
  SELECT of_user, of_persona, message_id_after(forgotten_upto, new_id), moment, moment
  FROM persona_memory WHERE user_id = of_user AND persona_id = of_persona
  ON CONFLICT (user_id, persona_id) WHERE ended_at IS NULL DO NOTHING;
  GET DIAGNOSTICS opened = ROW_COUNT;

  IF ended > 0 THEN
    PERFORM ask_for_work(of_user, of_persona, 'conversations', NULL);
  ELSIF opened > 0 THEN
    PERFORM ask_for_work(of_user, of_persona, 'conversations', moment + idle);
  END IF;
  RETURN ended > 0 OR opened > 0;
END
$$;

-- Takes switches of a user in their order: each opens the conversation of its pair, or has it go on, and
-- the last one that counts is kept. Those that are older than one taken have no effect, nor have those
-- to a persona that is gone, nor those of a user who is. Leaves the transaction bound to a pair.
-- Returns the persona that is known to be somebody else's, if there is one, with the switches before it
-- taken; and whether work was asked for.
CREATE FUNCTION take_switches(
  of_user bigint, personas bigint[], versions bigint[], new_ids uuid[], moment timestamptz, idle interval,
  OUT refused bigint, OUT asked boolean)
LANGUAGE plpgsql AS $$
DECLARE
  newest bigint;
  chosen bigint;
  opened bigint[] := '{}';
  persona bigint;
BEGIN
  asked := false;
  PERFORM set_config('app.user_id', of_user::text, true);
  FOR i IN 1 .. cardinality(personas) LOOP
    persona := personas[i];
    PERFORM set_config('app.persona_id', persona::text, true);
    IF i = 1 THEN
      newest := (SELECT version FROM last_switch WHERE user_id = of_user);
    END IF;
    CONTINUE WHEN versions[i] <= newest;
    IF persona <> ALL (opened) THEN
      -- Waits for a tombstone that is being set, and keeps the next one waiting until the commit.
      PERFORM pg_advisory_xact_lock_shared(persona_lock(persona));
      CONTINUE WHEN account_is_erased(of_user)
        OR EXISTS (SELECT FROM persona_tombstone WHERE persona_id = persona);
      -- The rule of the Verdict that other requests meet.
      IF EXISTS (
        SELECT FROM known_persona known WHERE known.persona_id = persona AND NOT (
          (known.owner_user_id IS NULL OR known.owner_user_id = of_user)
          AND (known.active OR EXISTS (
            SELECT FROM persona_memory memory
            WHERE memory.user_id = of_user AND memory.persona_id = persona))))
      THEN
        refused := persona;
        RETURN;
      END IF;
      -- Most often one is open, and there is nothing to do.
      PERFORM FROM persona_memory WHERE user_id = of_user AND persona_id = persona
      FOR NO KEY UPDATE;
      IF NOT FOUND OR NOT EXISTS (
        SELECT FROM conversation WHERE user_id = of_user AND persona_id = persona
          AND ended_at IS NULL AND last_message_at > moment - idle)
      THEN
        asked := open_conversation(of_user, persona, new_ids[i], moment, idle) OR asked;
      END IF;
      opened := opened || persona;
    END IF;
    newest := versions[i];
    chosen := persona;
  END LOOP;

  IF chosen IS NOT NULL THEN
    PERFORM set_config('app.persona_id', chosen::text, true);
    INSERT INTO last_switch (user_id, persona_id, version) VALUES (of_user, chosen, newest)
    ON CONFLICT (user_id) DO UPDATE
    SET persona_id = excluded.persona_id, version = excluded.version
    WHERE last_switch.version < excluded.version;
  END IF;
END
$$;
