package io.mybella.chassis.probe;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.chassis.testing.PlatformParts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** While this is open the server ends the connections to a database and takes no new ones. */
final class DatabaseAway implements AutoCloseable {

  private final String name;

  DatabaseAway(HikariDataSource pool) throws SQLException {
    name = pool.getJdbcUrl().replaceAll(".*/([^/?]+).*", "$1");
    run(
        "alter database " + name + " allow_connections false",
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
  }

  private static void run(String... commands) throws SQLException {
    try (Connection server = PlatformParts.postgres().superuser("postgres");
        Statement statement = server.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    run("alter database " + name + " allow_connections true");
  }
}
