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

/** The permanent marks of personas that are gone, with what has been erased of them. */
@Repository
class Tombstones {

  private final JdbcClient jdbc;

  Tombstones(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Sets the tombstone of a persona, unless it has one. Waits for transactions that are opening a
   * memory of the persona; those that come later see the tombstone.
   */
  void set(long personaId, UUID erasureId, Instant now) {
    jdbc.sql("SELECT pg_advisory_xact_lock(persona_lock(:persona_id))")
        .param("persona_id", personaId)
        .query()
        .listOfRows();
    jdbc.sql(
            """
            INSERT INTO persona_tombstone (persona_id, erasure_id, deleted_at)
            VALUES (:persona_id, :erasure_id, :now)
            ON CONFLICT DO NOTHING
            """)
        .param("persona_id", personaId)
        .param("erasure_id", erasureId)
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .update();
  }

  /** Adds to what has been erased. */
  void count(long personaId, String table, long rows) {
    jdbc.sql(
            """
            UPDATE persona_tombstone
            SET counts = counts || jsonb_build_object(
              :table::text, COALESCE((counts ->> :table)::bigint, 0) + :rows)
            WHERE persona_id = :persona_id
            """)
        .param("persona_id", personaId)
        .param("table", table)
        .param("rows", rows)
        .update();
  }

  /** Notes that nothing is left; a note that was made before stays. */
  void complete(long personaId, Instant now) {
    jdbc.sql(
            """
            UPDATE persona_tombstone SET erased_at = COALESCE(erased_at, :now)
            WHERE persona_id = :persona_id
            """)
        .param("persona_id", personaId)
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .update();
  }

  /** What has been erased of a persona, by table. */
  Map<String, Long> counts(long personaId) {
    return jdbc.sql(
            """
            SELECT each.key, each.value::bigint
            FROM persona_tombstone, jsonb_each_text(counts) AS each
            WHERE persona_id = :persona_id
            """)
        .param("persona_id", personaId)
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
