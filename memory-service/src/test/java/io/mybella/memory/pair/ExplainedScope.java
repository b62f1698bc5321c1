package io.mybella.memory.pair;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A scope on one connection that is as the service's own are: the same role, settings and driver.
 * PostgreSQL's {@code auto_explain} tells the plan of every statement that the service's code runs
 * in it, with what really happened: nothing here repeats a statement of the code.
 */
public final class ExplainedScope implements AutoCloseable {

  private static final Map<String, String> AUTO_EXPLAIN =
      Map.of(
          "session_preload_libraries", "auto_explain",
          "auto_explain.log_min_duration", "0",
          "auto_explain.log_analyze", "on",
          "auto_explain.log_timing", "off",
          "auto_explain.log_format", "json",
          "auto_explain.log_level", "notice");

  private final Connection connection;
  private final Explaining jdbc;
  private final PersonaScope scope;

  private ExplainedScope(Connection connection) {
    this.connection = connection;
    var pool = new SingleConnectionDataSource(connection, true);
    this.jdbc = new Explaining(pool);
    this.scope = new PersonaScope(JdbcClient.create(jdbc), new JdbcTransactionManager(pool));
  }

  /**
   * Opens a connection that explains itself.
   *
   * @param pool the service's own
   * @param superuser of the same database: only it may have a session explained
   */
  public static ExplainedScope open(HikariDataSource pool, JdbcClient superuser) {
    var properties = new Properties();
    properties.putAll(pool.getDataSourceProperties());
    properties.setProperty("user", pool.getUsername());
    properties.setProperty("password", pool.getPassword());
    String role =
        "ALTER ROLE %s IN DATABASE %s "
            .formatted(
                pool.getUsername(),
                superuser.sql("SELECT current_database()").query(String.class).single());
    try {
      AUTO_EXPLAIN.forEach(
          (name, value) -> superuser.sql(role + "SET %s = '%s'".formatted(name, value)).update());
      return new ExplainedScope(DriverManager.getConnection(pool.getJdbcUrl(), properties));
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    } finally {
      superuser.sql(role + "RESET ALL").update();
    }
  }

  /** For the code whose statements are to be explained. */
  public PersonaScope scope() {
    return scope;
  }

  /** Statements on the connection itself. */
  public JdbcClient client() {
    return JdbcClient.create(jdbc);
  }

  /**
   * The plans of the statements that were run since the last call and that name the table, as
   * {@code EXPLAIN (ANALYZE, FORMAT JSON)} writes them: {@code Query Text} and {@code Plan}.
   */
  public List<JsonNode> plansOf(String table) {
    try {
      // The plan of a query comes with whatever is said next, be it the end of the transaction.
      jdbc.take(connection.getWarnings());
      connection.clearWarnings();
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
    List<JsonNode> plans =
        jdbc.plans.stream()
            .filter(each -> each.path("Query Text").asString().contains(table))
            .toList();
    jdbc.plans.clear();
    return plans;
  }

  /** A node of a plan and all below it. */
  public static Stream<JsonNode> nodes(JsonNode node) {
    return Stream.concat(
        Stream.of(node), node.path("Plans").valueStream().flatMap(ExplainedScope::nodes));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Hears what the server says beside the results. */
  private static final class Explaining extends JdbcTemplate {

    private static final String MARK = "plan:\n";

    private final List<JsonNode> plans = new ArrayList<>();

    Explaining(SingleConnectionDataSource pool) {
      super(pool);
    }

    @Override
    protected void handleWarnings(Statement statement) throws SQLException {
      take(statement.getWarnings());
    }

    private void take(SQLWarning first) {
      for (SQLWarning each = first; each != null; each = each.getNextWarning()) {
        int at = each.getMessage().indexOf(MARK);
        if (at >= 0) {
          plans.add(JsonMapper.shared().readTree(each.getMessage().substring(at + MARK.length())));
        }
      }
    }
  }
}
