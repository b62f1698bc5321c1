-- What a pair has taken over from old installations. It outlives what was taken over, and what the pair
-- forgets: importing the same file once more must not bring back what its user has deleted since. It goes
-- with the pair when the persona or the account is erased; their tombstones refuse an import from then on.
CREATE TABLE import_origin (
  user_id    bigint NOT NULL,
  persona_id bigint NOT NULL,
  -- Made of the names of the installation and of the row there (a UUID of version 3): it says nothing.
  id         uuid   NOT NULL,
  -- The conversation or the preference that it became part of; null for a message, which has its own name.
  became     uuid,
  PRIMARY KEY (user_id, persona_id, id),
  FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory ON DELETE CASCADE
);
SELECT protect_pair('import_origin');
GRANT SELECT, INSERT, DELETE ON import_origin TO "${app_role}";
