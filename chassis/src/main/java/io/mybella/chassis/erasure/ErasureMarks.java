package io.mybella.chassis.erasure;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The permanent marks of things of one kind that are gone for good, with what a service has erased
 * of each. Rows never leave: whoever is late finds the mark and is refused.
 *
 * <p>The service keeps the table: its key, {@code erasure_id}, {@code deleted_at}, {@code counts}
 * (jsonb, {@code {}} at first) and {@code erased_at} (null while something may be left). It also
 * has a function that gives the number of an advisory lock for a key: whoever makes something that
 * hangs on the thing holds that lock shared until the commit, and the mark is set under it alone.
 * So a mark waits for the writers before it, and every writer after it sees it.
 */
public final class ErasureMarks {

  private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

  private final String table;
  private final String key;
  private final String lock;
  private final JdbcClient database;
  private final JsonMapper json;
  private final Clock clock;

  /**
   * Marks in a table of the service's own.
   *
   * @param table its name
   * @param key its primary key, a bigint
   * @param lock the function that gives the number of the lock
   */
  public ErasureMarks(
      String table, String key, String lock, JdbcClient database, JsonMapper json, Clock clock) {
    this.table = table;
    this.key = key;
    this.lock = lock;
    this.database = database;
    this.json = json;
    this.clock = clock;
  }

  /**
   * What was erased of a thing.
   *
   * @param erasureId the erasure that was told last
   * @param counts what has been erased so far, kind to number
   * @param at when the last of it was
   */
  public record Erased(UUID erasureId, Map<String, Long> counts, Instant at) {

    /** Copies the counts. */
    public Erased {
      counts = Map.copyOf(counts);
    }
  }

  /**
   * Sets a mark; one that stands takes the id, and is to be answered once more. Needs a
   * transaction.
   */
  public void set(long id, UUID erasureId) {
    database
        .sql(in("SELECT pg_advisory_xact_lock({lock}(:id))"))
        .param("id", id)
        .query()
        .listOfRows();
    database
        .sql(
            in(
                """
                INSERT INTO {table} ({key}, erasure_id, deleted_at)
                VALUES (:id, :erasure_id, :now)
                ON CONFLICT ({key}) DO UPDATE
                SET erasure_id = excluded.erasure_id, erased_at = NULL
                """))
        .param("id", id)
        .param("erasure_id", erasureId)
        .param("now", Timestamp.from(clock.instant()))
        .update();
  }

  /**
   * Keeps a mark from changing until the transaction ends.
   *
   * @return whether there is one
   */
  public boolean lock(long id) {
    return database
        .sql(in("SELECT 1 FROM {table} WHERE {key} = :id FOR UPDATE"))
        .param("id", id)
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /** Adds to what has been erased of something marked, kind to number. */
  public void count(long id, Map<String, Long> erased) {
    database
        .sql(
            in(
                """
                UPDATE {table}
                SET counts = (
                  SELECT jsonb_object_agg(name, total) FROM (
                    SELECT key AS name, sum(value::bigint) AS total FROM (
                      SELECT * FROM jsonb_each_text(counts)
                      UNION ALL
                      SELECT * FROM jsonb_each_text(:erased::jsonb)) AS each
                    GROUP BY key) AS sums)
                WHERE {key} = :id
                """))
        .param("id", id)
        .param("erased", json.writeValueAsString(erased))
        .update();
  }

  /**
   * Notes that nothing is left of something marked.
   *
   * @return what was erased; empty when that was noted before, since the mark was last set
   */
  public Optional<Erased> complete(long id) {
    return database
        .sql(
            in(
                """
                UPDATE {table} SET erased_at = :now WHERE {key} = :id AND erased_at IS NULL
                RETURNING erasure_id, counts, erased_at
                """))
        .param("id", id)
        .param("now", Timestamp.from(clock.instant()))
        .query((row, _) -> erased(row))
        .optional();
  }

  /** The keys of what may have something left, oldest first, up to so many. */
  public List<Long> unfinished(int most) {
    return database
        .sql(
            in(
                """
                SELECT {key} FROM {table} WHERE erased_at IS NULL
                ORDER BY deleted_at, {key} LIMIT :most
                """))
        .param("most", most)
        .query(Long.class)
        .list();
  }

  private Erased erased(ResultSet row) throws SQLException {
    return new Erased(
        row.getObject("erasure_id", UUID.class),
        json.readValue(row.getString("counts"), COUNTS),
        row.getTimestamp("erased_at").toInstant());
  }

  private String in(String sql) {
    return sql.replace("{table}", table).replace("{key}", key).replace("{lock}", lock);
  }
}
