-- Which history this is: another value after each change but an addition at its end, and for a memory that begins
-- anew. Whoever keeps something that was made from it compares this.
ALTER TABLE persona_memory ADD COLUMN version uuid NOT NULL DEFAULT gen_random_uuid();
GRANT UPDATE (version) ON persona_memory TO "${app_role}";

-- What the persona is called; null until persona-service tells of it next.
ALTER TABLE known_persona ADD COLUMN name text;
