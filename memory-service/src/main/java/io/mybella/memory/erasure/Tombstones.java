package io.mybella.memory.erasure;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The permanent marks of what is gone, with what has been erased of it. */
@Repository
class Tombstones {

  /** What can be gone for good. */
  enum Kind {
    /** A persona, for all users. */
    PERSONA("persona_tombstone", "persona_id", "persona_lock"),
    /** A user, with all personas. */
    ACCOUNT("account_tombstone", "user_id", "account_lock");

    private final String table;
    private final String key;
    private final String lock;

    Kind(String table, String key, String lock) {
      this.table = table;
      this.key = key;
      this.lock = lock;
    }

    /** Puts the names of this kind into a statement. */
    private String in(String sql) {
      return sql.replace("{table}", table).replace("{key}", key).replace("{lock}", lock);
    }
  }

  private final JdbcClient jdbc;

  Tombstones(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Sets a tombstone, unless there is one. Waits for transactions that are opening a memory of the
   * persona or the user; those that come later see the tombstone.
   */
  void set(Kind kind, long id, UUID erasureId, Instant now) {
    jdbc.sql(kind.in("SELECT pg_advisory_xact_lock({lock}(:id))"))
        .param("id", id)
        .query()
        .listOfRows();
    jdbc.sql(
            kind.in(
                """
                INSERT INTO {table} ({key}, erasure_id, deleted_at)
                VALUES (:id, :erasure_id, :now)
                ON CONFLICT DO NOTHING
                """))
        .param("id", id)
        .param("erasure_id", erasureId)
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .update();
  }

  /** Adds to what has been erased. */
  void count(Kind kind, long id, String table, long rows) {
    jdbc.sql(
            kind.in(
                """
                UPDATE {table}
                SET counts = counts || jsonb_build_object(
                  :table::text, COALESCE((counts ->> :table)::bigint, 0) + :rows)
                WHERE {key} = :id
                """))
        .param("id", id)
        .param("table", table)
        .param("rows", rows)
        .update();
  }

  /** Notes that nothing is left; a note that was made before stays. */
  void complete(Kind kind, long id, Instant now) {
    jdbc.sql(
            kind.in(
                """
                UPDATE {table} SET erased_at = COALESCE(erased_at, :now)
                WHERE {key} = :id
                """))
        .param("id", id)
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .update();
  }

  /** What has been erased, by table. */
  Map<String, Long> counts(Kind kind, long id) {
    return jdbc.sql(
            kind.in(
                """
                SELECT each.key, each.value::bigint
                FROM {table}, jsonb_each_text(counts) AS each
                WHERE {key} = :id
                """))
        .param("id", id)
        .query(Tombstones::byTable);
  }

  private static Map<String, Long> byTable(ResultSet rows) throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    while (rows.next()) {
      counts.put(rows.getString("key"), rows.getLong("value"));
    }
    return counts;
  }
}
