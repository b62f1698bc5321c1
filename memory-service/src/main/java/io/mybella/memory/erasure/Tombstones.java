package io.mybella.memory.erasure;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

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

  /**
   * A mark.
   *
   * @param erasureId what was told last
   * @param counts the rows that have been erased, by table
   */
  record Tombstone(UUID erasureId, Map<String, Long> counts) {}

  private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonMapper json;

  Tombstones(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * Sets a tombstone; one that stands only takes the id. Waits for transactions that are opening a
   * memory of the persona or the user; those that come later see the tombstone.
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
                ON CONFLICT ({key}) DO UPDATE SET erasure_id = excluded.erasure_id
                """))
        .param("id", id)
        .param("erasure_id", erasureId)
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .update();
  }

  /** Adds to what has been erased, by table. */
  void count(Kind kind, long id, Map<String, Long> rows) {
    jdbc.sql(
            kind.in(
                """
                UPDATE {table}
                SET counts = (
                  SELECT jsonb_object_agg(name, total) FROM (
                    SELECT key AS name, sum(value::bigint) AS total FROM (
                      SELECT * FROM jsonb_each_text(counts)
                      UNION ALL
                      SELECT * FROM jsonb_each_text(:rows::jsonb)) AS each
                    GROUP BY key) AS sums)
                WHERE {key} = :id
                """))
        .param("id", id)
        .param("rows", json.writeValueAsString(rows))
        .update();
  }

  /** Notes that nothing is left; a note that was made before stays. */
  Tombstone complete(Kind kind, long id, Instant now) {
    return jdbc.sql(
            kind.in(
                """
                UPDATE {table} SET erased_at = COALESCE(erased_at, :now)
                WHERE {key} = :id
                RETURNING erasure_id, counts
                """))
        .param("id", id)
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .query((row, _) -> tombstone(row))
        .single();
  }

  private Tombstone tombstone(ResultSet row) throws SQLException {
    return new Tombstone(
        row.getObject("erasure_id", UUID.class), json.readValue(row.getString("counts"), COUNTS));
  }
}
