package io.mybella.local.parts;

import io.mybella.local.parts.PostgresPart.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A PostgreSQL server of this machine, whoever runs it: what its superuser makes in it. */
public class DatabaseServer {

  static final String HOST = "127.0.0.1";
  static final String SUPERUSER = "postgres";
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9_]{0,50}");

  private final int port;
  private final UnaryOperator<String> passwords;

  /** Databases that share their roles are prepared one after the other, all others side by side. */
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /**
   * A server that runs.
   *
   * @param port TCP port on 127.0.0.1
   * @param passwords gives the password for a role name, {@code postgres} included; the same one
   *     each time it is asked
   */
  public DatabaseServer(int port, UnaryOperator<String> passwords) {
    this.port = port;
    this.passwords = passwords;
  }

  /**
   * Makes sure that a database of this name exists, with its roles {@code <name>_owner} and {@code
   * <name>_app}.
   *
   * @param name database name: a letter, then letters, digits and underscores, all lower case
   * @return how to reach it
   */
  public final Database database(String name) {
    return database(name, name);
  }

  /**
   * Makes sure that a database exists whose roles are named otherwise than itself, so that many
   * databases (one per test) share their roles.
   *
   * @param name database name
   * @param rolePrefix the roles are {@code <rolePrefix>_owner} and {@code <rolePrefix>_app}
   * @return how to reach it
   */
  public final Database database(String name, String rolePrefix) {
    Database database = Database.of(port, name, rolePrefix, passwords);
    ReentrantLock lock = locks.computeIfAbsent(rolePrefix, prefix -> new ReentrantLock());
    lock.lock();
    try {
      prepare(name, database);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot prepare the database " + name, e);
    } finally {
      lock.unlock();
    }
    return database;
  }

  private void prepare(String name, Database database) throws SQLException {
    try (Connection server = superuser("postgres");
        PreparedStatement query =
            server.prepareStatement("SELECT FROM pg_database WHERE datname = ?")) {
      query.setString(1, name);
      boolean exists;
      try (ResultSet rows = query.executeQuery()) {
        exists = rows.next();
      }
      if (!exists) {
        try (Statement statement = server.createStatement()) {
          statement.execute("CREATE DATABASE " + name);
        }
      }
    }
    try (Connection connection = superuser(name);
        Statement statement = connection.createStatement()) {
      set(connection, "mybella.owner", database.ownerUser());
      set(connection, "mybella.owner_password", database.ownerPassword());
      set(connection, "mybella.app", database.appUser());
      set(connection, "mybella.app_password", database.appPassword());
      statement.execute(databaseSql());
    }
  }

  /**
   * Removes a database, whoever is connected to it.
   *
   * @param name database name
   */
  public final void drop(String name) {
    requireIdentifier(name);
    try (Connection connection = superuser("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot drop the database " + name, e);
    }
  }

  /**
   * A connection with every right, for tests that look where no service may.
   *
   * @param database the database to connect to
   * @return a connection that the caller closes
   */
  public final Connection superuser(String database) throws SQLException {
    return connect(database, Duration.ofSeconds(5));
  }

  /** The TCP port on 127.0.0.1 that the server listens on. */
  public final int port() {
    return port;
  }

  private Connection connect(String database, Duration limit) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", "" + limit.toSeconds());
    properties.setProperty("loginTimeout", "" + limit.toSeconds());
    return connect(database, properties);
  }

  final Connection connect(String database, Properties properties) throws SQLException {
    properties.setProperty("user", SUPERUSER);
    properties.setProperty("password", passwords.apply(SUPERUSER));
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }

  private String jdbcUrl(String database) {
    return jdbcUrl(port, database);
  }

  static String jdbcUrl(int port, String database) {
    return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
  }

  private static void set(Connection connection, String name, String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config(?, ?, false)")) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.execute();
    }
  }

  private static String databaseSql() {
    try (var in = DatabaseServer.class.getResourceAsStream("database.sql")) {
      if (in == null) {
        throw new IllegalStateException("database.sql is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void requireIdentifier(String name) {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw new IllegalArgumentException("Not a database name: " + name);
    }
  }
}
