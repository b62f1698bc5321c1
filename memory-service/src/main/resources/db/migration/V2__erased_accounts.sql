-- Accounts that are gone for good. Rows never leave: a token that is still valid, a write under way
-- or a late event finds the tombstone and is refused. This is all that goes on naming the user.
CREATE TABLE account_tombstone (
  user_id    bigint      PRIMARY KEY,
  erasure_id uuid        NOT NULL,
  deleted_at timestamptz NOT NULL,
  -- Rows erased so far, by table: an erasure that was interrupted goes on counting.
  counts     jsonb       NOT NULL DEFAULT '{}',
  -- Null while rows may still be left.
  erased_at  timestamptz
);
REVOKE ALL ON account_tombstone FROM "${app_role}";
GRANT SELECT, INSERT, UPDATE (counts, erased_at) ON account_tombstone TO "${app_role}";

-- An account's erasure looks for the personas its user made.
CREATE INDEX known_persona_by_owner ON known_persona (owner_user_id)
  WHERE owner_user_id IS NOT NULL;

-- What an account's erasure may see -------------------------------------------------------------

-- The pairs of the user it names, once that has a tombstone, and nothing that hangs on them: what
-- they hold is erased pair by pair, under the policy that binds everybody.
CREATE POLICY account_erasure ON persona_memory FOR SELECT
  USING (user_id = (SELECT NULLIF(current_setting('app.erase_user_id', true), '')::bigint)
    AND EXISTS (SELECT FROM account_tombstone gone WHERE gone.user_id = persona_memory.user_id));

-- A user's last switch belongs to no pair, so it is erased here. It can be seen and removed only.
CREATE POLICY account_erasure ON last_switch
  USING (user_id = (SELECT NULLIF(current_setting('app.erase_user_id', true), '')::bigint)
    AND EXISTS (SELECT FROM account_tombstone gone WHERE gone.user_id = last_switch.user_id))
  WITH CHECK (false);
GRANT DELETE ON last_switch TO "${app_role}";

-- Why nothing comes back ------------------------------------------------------------------------

-- As with personas: whoever makes something for a user holds this lock shared until the commit,
-- and whoever sets the tombstone takes it alone.
CREATE FUNCTION account_lock(user_id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN hashtextextended('account ' || user_id, 0);

-- Waits for a tombstone that is being set, and keeps the next one waiting until the commit.
CREATE FUNCTION account_is_erased(account bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(account_lock(account));
  RETURN EXISTS (SELECT FROM account_tombstone WHERE user_id = account);
END
$$;

CREATE FUNCTION refuse_erased_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF account_is_erased(NEW.user_id) THEN
    RAISE EXCEPTION 'the account is erased'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'persona_memory_not_erased';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER refuse_erased_account BEFORE INSERT ON persona_memory
  FOR EACH ROW EXECUTE FUNCTION refuse_erased_account();

-- News of a persona may come after its owner's account is gone, on another topic. They have no
-- effect, which is no fault of whoever tells them.
CREATE FUNCTION ignore_erased_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF account_is_erased(NEW.owner_user_id) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER ignore_erased_account BEFORE INSERT ON known_persona
  FOR EACH ROW WHEN (NEW.owner_user_id IS NOT NULL) EXECUTE FUNCTION ignore_erased_account();
