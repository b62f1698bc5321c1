package io.mybella.voice.account;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The permanent marks of erased accounts, with what has been erased of them. */
@Repository
public class ErasedAccounts {

  /**
   * The mark of one account.
   *
   * @param erasureId names the erasure in every service
   * @param counts what was erased so far, kind to number
   */
  public record Mark(UUID erasureId, Map<String, Long> counts) {

    /** Copies the counts. */
    public Mark {
      counts = Map.copyOf(counts);
    }
  }

  private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

  private final JdbcClient database;
  private final JsonMapper json;

  ErasedAccounts(JdbcClient database, JsonMapper json) {
    this.database = database;
    this.json = json;
  }

  /**
   * Marks an account, unless it is marked. Waits for transactions that are taking news of the
   * user's personas; in those that come later the news have no effect.
   */
  public void bury(long userId, UUID erasureId, Instant now) {
    database
        .sql("select pg_advisory_xact_lock(account_lock(?))")
        .param(userId)
        .query()
        .listOfRows();
    database
        .sql(
            """
            insert into erased_account (user_id, erasure_id, erased_at) values (?, ?, ?)
            on conflict do nothing
            """)
        .params(userId, erasureId, Timestamp.from(now))
        .update();
  }

  /** The mark of an account, kept from changing until the transaction ends; empty without one. */
  public Optional<Mark> lock(long userId) {
    return database
        .sql("select erasure_id, counts from erased_account where user_id = ? for update")
        .param(userId)
        .query(
            (row, number) ->
                new Mark(
                    row.getObject("erasure_id", UUID.class),
                    json.readValue(row.getString("counts"), COUNTS)))
        .optional();
  }

  /** Adds to what has been erased of an account whose mark is locked. */
  public Mark add(long userId, Mark mark, Map<String, Long> erased) {
    Map<String, Long> counts = new TreeMap<>(mark.counts());
    erased.forEach((kind, number) -> counts.merge(kind, number, Long::sum));
    database
        .sql("update erased_account set counts = ?::jsonb where user_id = ?")
        .params(json.writeValueAsString(counts), userId)
        .update();
    return new Mark(mark.erasureId(), counts);
  }

  /**
   * Notes that nothing is left of an account whose mark is locked.
   *
   * @return whether that was not noted before
   */
  public boolean complete(long userId, Instant now) {
    return database
            .sql(
                """
                update erased_account set completed_at = ?
                where user_id = ? and completed_at is null
                """)
            .params(Timestamp.from(now), userId)
            .update()
        == 1;
  }
}
