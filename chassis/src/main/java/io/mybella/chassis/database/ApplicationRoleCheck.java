package io.mybella.chassis.database;

import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Refuses to start a service whose application role could go round row-level security: a superuser,
 * a role with BYPASSRLS, one that owns a table, or one that may become such a role. It is the first
 * thing of all that is started, and no part of what is made before: images train their start cache
 * with that, where there is no database.
 */
final class ApplicationRoleCheck implements SmartLifecycle {

  private final JdbcClient database;
  private volatile boolean passed;

  ApplicationRoleCheck(JdbcClient database) {
    this.database = database;
  }

  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public boolean isRunning() {
    return passed;
  }

  @Override
  public void stop() {
    passed = false;
  }

  @Override
  public void start() {
    List<String> powers =
        database
            .sql(
                """
                select 'is or may become a superuser: ' || rolname from pg_roles
                 where rolsuper and pg_has_role(current_user, oid, 'MEMBER')
                union all
                select 'has or may get BYPASSRLS: ' || rolname from pg_roles
                 where rolbypassrls and pg_has_role(current_user, oid, 'MEMBER')
                union all
                select 'owns ' || c.oid::regclass::text from pg_class c
                  join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = 'public' and c.relkind in ('r', 'p')
                   and pg_has_role(current_user, c.relowner, 'MEMBER')
                """)
            .query(String.class)
            .list();
    if (!powers.isEmpty()) {
      throw new IllegalStateException(
          "The application's database role must have no power over row-level security, but it "
              + String.join("; it ", powers)
              + ". Connect with the application role (MYBELLA_DB_APP_USER), not with the owner.");
    }
    passed = true;
  }
}
