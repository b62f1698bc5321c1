-- The words of messages by which they are searched, as the language of the placeholder search_language stems
-- them. This is run again whenever that is another one: then the table is written anew, and nobody can read or
-- write messages meanwhile.
--
-- The words of a language that PostgreSQL does not know are taken as they are.
DO $$
DECLARE language regconfig;
BEGIN
  SELECT oid::regconfig INTO language FROM pg_ts_config
  WHERE cfgname IN ('${search_language}', 'simple') AND cfgnamespace = 'pg_catalog'::regnamespace
  ORDER BY cfgname = '${search_language}' DESC LIMIT 1;

  -- What is looked for is stemmed as what is found.
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION search_language() RETURNS regconfig LANGUAGE sql IMMUTABLE RETURN %L::regconfig',
    language);
  ALTER TABLE chat_message DROP COLUMN IF EXISTS words;
  EXECUTE format(
    'ALTER TABLE chat_message ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector(%L::regconfig, content)) STORED',
    language);
END
$$;
