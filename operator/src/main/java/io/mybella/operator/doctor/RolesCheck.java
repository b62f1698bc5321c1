package io.mybella.operator.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a service's role in its database can do no more than it must, and whether the tables of
 * pairs keep to their rows whoever asks. With more power, or without row-level security, one
 * mistake shows one person's memory to another.
 */
final class RolesCheck implements Check {

  private static final String POWERS =
      """
      select 'is or may become a superuser (' || rolname || ')' from pg_roles
       where rolsuper and pg_has_role(current_user, oid, 'MEMBER')
      union all
      select 'may go round row-level security (' || rolname || ')' from pg_roles
       where rolbypassrls and not rolsuper and pg_has_role(current_user, oid, 'MEMBER')
      union all
      select 'may make roles, databases or replicas (' || rolname || ')' from pg_roles
       where (rolcreaterole or rolcreatedb or rolreplication) and not rolsuper
         and pg_has_role(current_user, oid, 'MEMBER')
      union all
      select 'owns tables, such as ' || min(relname) from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and pg_has_role(current_user, relowner, 'MEMBER')
      having count(*) > 0
      union all
      select 'may create tables' where has_schema_privilege('public', 'CREATE')
      """;

  /** Tables that name a user and a persona, with their partitions. */
  private static final String OPEN =
      """
      select c.relname from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and not (c.relrowsecurity and c.relforcerowsecurity)
         and (select count(*) from pg_attribute a
               where a.attrelid = c.oid and a.attname in ('user_id', 'persona_id') and not a.attisdropped) = 2
       order by c.relname
      """;

  private final Installation installation;

  RolesCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "roles";
  }

  @Override
  public List<Finding> look() {
    return Installation.withDatabase().stream().map(this::look).toList();
  }

  private Finding look(Part part) {
    Finding.About about = about(part.database());
    try (Connection connection = Databases.connect(installation.login(part))) {
      List<String> powers = texts(connection, POWERS);
      if (!powers.isEmpty()) {
        return about.failed(
            "the role " + String.join("; ", powers),
            "Take that from the role, or let the service use the application's role:"
                + " deploy/postgres/database.sql makes both as they must be.");
      }
      // Only memory-service keeps what is said; elsewhere a pair of numbers is no secret of a pair.
      List<String> open = part == Part.MEMORY ? texts(connection, OPEN) : List.of();
      return open.isEmpty()
          ? about.ok("no more rights than needed")
          : about.failed(
              "row-level security is off for " + String.join(", ", open),
              "ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; then find out who"
                  + " switched it off.");
    } catch (SQLException e) {
      return about.skipped(Reasons.of(e));
    }
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }
}
