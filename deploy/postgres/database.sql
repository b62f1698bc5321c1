-- One database of the platform with its two roles. Run by a superuser, connected to that database.
--
-- The one place that says what the roles may do: `./mybella up`, every module's tests and Compose
-- (deploy/postgres/init.sh) run this very text. It is safe to run again. Its values come from
-- session settings, so that no text is pasted into SQL:
--   mybella.owner, mybella.owner_password   owns the database and migrates it
--   mybella.app, mybella.app_password       reads and writes rows, and nothing else
DO $body$
DECLARE
  owner_name text := current_setting('mybella.owner');
  app_name text := current_setting('mybella.app');
  name_of_role text;
  password_of_role text;
BEGIN
  FOR name_of_role, password_of_role IN
    VALUES (owner_name, current_setting('mybella.owner_password')),
           (app_name, current_setting('mybella.app_password'))
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name_of_role) THEN
      EXECUTE format('CREATE ROLE %I', name_of_role);
    END IF;
    EXECUTE format(
      'ALTER ROLE %I WITH LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION INHERIT PASSWORD %L',
      name_of_role, password_of_role);
  END LOOP;

  EXECUTE format('ALTER DATABASE %I OWNER TO %I', current_database(), owner_name);
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), app_name);

  EXECUTE format('ALTER SCHEMA public OWNER TO %I', owner_name);
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app_name);

  EXECUTE format(
    'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
    owner_name, app_name);
  EXECUTE format(
    'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %I',
    owner_name, app_name);
  -- Functions are executable by everyone unless this is taken back for all schemas.
  EXECUTE format(
    'ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', owner_name);
  EXECUTE format(
    'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO %I',
    owner_name, app_name);
END
$body$;
