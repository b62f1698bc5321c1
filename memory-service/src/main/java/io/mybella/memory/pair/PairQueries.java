package io.mybella.memory.pair;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Statements inside a transaction that is bound to a pair. Each carries the parameters {@code
 * user_id} and {@code persona_id} of that pair already: row-level security does not need them to
 * keep strangers out, but the planner needs them to pick the partition and the index.
 */
public final class PairQueries {

  private final JdbcClient jdbc;
  private final PairId pair;

  PairQueries(JdbcClient jdbc, PairId pair) {
    this.jdbc = jdbc;
    this.pair = pair;
  }

  /** A statement with named parameters. */
  public StatementSpec sql(String sql) {
    return jdbc.sql(sql).param("user_id", pair.userId()).param("persona_id", pair.personaId());
  }
}
