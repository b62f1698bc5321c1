-- What a persona has learned about a user: one row for each value that a preference has or had. A value
-- is never changed; another one supersedes it.
CREATE TABLE preference (
  user_id        bigint           NOT NULL,
  persona_id     bigint           NOT NULL,
  -- UUIDv7, above the pair's mark.
  id             uuid             NOT NULL,
  -- Both as the service compares them: trimmed, NFC, lower case.
  category       text             NOT NULL CHECK (char_length(category) BETWEEN 1 AND 60),
  key            text             NOT NULL CHECK (char_length(key) BETWEEN 1 AND 120),
  value          text             NOT NULL CHECK (char_length(value) BETWEEN 1 AND 2000),
  -- How it was learned: in the user's own words, by a model, by hand, or from elsewhere.
  source         text             NOT NULL CHECK (source IN ('told', 'inferred', 'set', 'imported')),
  -- At the time of last_confirmed; what it is later follows from that.
  confidence     double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  -- The message that it was learned from and goes with. No foreign key: an erasure takes the tables
  -- one after the other.
  learned_from   uuid,
  first_observed timestamptz      NOT NULL,
  last_confirmed timestamptz      NOT NULL,
  times_observed integer          NOT NULL DEFAULT 1 CHECK (times_observed >= 1),
  valid_from     timestamptz      NOT NULL,
  -- Null for the value that it has now.
  valid_until    timestamptz,
  -- It ended without a successor, and does not come back when that goes.
  withdrawn      boolean          NOT NULL DEFAULT false,
  CHECK (valid_until >= valid_from),
  CHECK (valid_until IS NOT NULL OR NOT withdrawn),
  PRIMARY KEY (user_id, persona_id, id),
  FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory ON DELETE CASCADE
);

CREATE UNIQUE INDEX preference_current ON preference (user_id, persona_id, category, key)
  WHERE valid_until IS NULL;
-- What holds is read without what has held: the policy asks for the id.
CREATE INDEX preference_holding ON preference (user_id, persona_id, id) WHERE valid_until IS NULL;
CREATE INDEX preference_values ON preference (user_id, persona_id, category, key, valid_from, id);
CREATE INDEX preference_learned_from ON preference (user_id, persona_id, learned_from)
  WHERE learned_from IS NOT NULL;

SELECT protect_memory('preference', 'id');
GRANT SELECT, INSERT, DELETE, UPDATE (source, confidence, learned_from, first_observed, last_confirmed,
  times_observed, valid_until, withdrawn) ON preference TO "${app_role}";
