package io.mybella.memory.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Setting;
import io.mybella.memory.MemoryServiceApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Two replicas close and understand conversations, one of them dies at it, another one comes. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledUnderstandingIT {

  private static final int PAIRS = 60;
  private static final int ENDED = 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Each pair has conversations that have ended, and one that is idle. */
  private static final long CONVERSATIONS = PAIRS * (ENDED + 1L);

  private final PostgresPart.Database database = PlatformParts.freshDatabase("memory");

  @Test
  void everyConversationIsClosedAndUnderstoodOnce(@TempDir Path folder) throws Exception {
    try (ServiceProcess survivor = start(folder.resolve("survivor"))) {
      try (ServiceProcess victim = start(folder.resolve("victim"))) {
        fill();
        await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(5))
            .until(
                () ->
                    count("SELECT count(*) FROM conversation WHERE summarised_at IS NOT NULL") > 0);
        assertThat(victim.runs()).isTrue();
      }
      // It has died by kill -9, whatever it was at.
      assertThat(count("SELECT count(*) FROM conversation WHERE summarised_at IS NULL"))
          .isPositive();
      try (ServiceProcess next = start(folder.resolve("next"))) {
        await().atMost(LIMIT).until(() -> count("SELECT count(*) FROM memory_work") == 0);
        assertThat(next.runs()).isTrue();
      }
      assertThat(survivor.runs()).isTrue();
    }
    assertThat(
            count(
                """
                SELECT count(*) FROM conversation
                WHERE ended_at = last_message_at AND summarised_at IS NOT NULL AND revision = 1
                  AND title = 'Number, topic'
                """))
        .as("each time it is understood raises the revision")
        .isEqualTo(CONVERSATIONS);
    assertThat(count("SELECT count(*) FROM rolling_summary WHERE content LIKE '%Number%'"))
        .isEqualTo(PAIRS);
  }

  /**
   * What a service of an earlier version has left is asked for by the migration, in one statement.
   */
  private void fill() throws SQLException {
    onDatabase(
        db ->
            db.sql(
                    """
                    WITH pairs AS (
                      INSERT INTO persona_memory (user_id, persona_id)
                      SELECT n, n FROM generate_series(1, :pairs) AS n RETURNING *),
                    talks AS MATERIALIZED (
                      SELECT *, uuidv7() AS id, uuidv7() AS message,
                        now() - make_interval(hours => 1 + :ended - n) AS at
                      FROM pairs, generate_series(0, :ended) AS n),
                    held AS (
                      INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at,
                        ended_at, message_count, first_message_id, last_message_id)
                      SELECT user_id, persona_id, id, at, at, CASE WHEN n < :ended THEN at END, 1,
                        message, message
                      FROM talks),
                    said AS (
                      INSERT INTO chat_message
                        (user_id, persona_id, id, conversation_id, role, content, created_at)
                      SELECT user_id, persona_id, message, id, 'user',
                        format('Number %1$s is here. Number %1$s is the topic. The topic!', persona_id), at
                      FROM talks)
                    INSERT INTO memory_work (user_id, persona_id, kind, due_at, next_at)
                    SELECT user_id, persona_id, 'conversations', now(), now() FROM pairs
                    """)
                .param("pairs", PAIRS)
                .param("ended", ENDED)
                .update());
  }

  private ServiceProcess start(Path folder) throws IOException {
    Files.createDirectories(folder);
    return ServiceProcess.start(
        MemoryServiceApplication.class,
        Setting.MYBELLA_MEMORY_HEAP.defaultValue(),
        database,
        PlatformParts.kafka(),
        folder,
        "--mybella.services.persona-url=http://127.0.0.1:" + FreePort.find(),
        "--mybella.memory.work.turn=200ms",
        "--mybella.memory.work.lease=1s",
        "--mybella.memory.work.poll-interval=20ms");
  }

  private long count(String sql) throws SQLException {
    return onDatabase(db -> db.sql(sql).query(Long.class).single());
  }

  private long onDatabase(ToLongFunction<JdbcClient> work) throws SQLException {
    String url = database.jdbcUrl();
    String name = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
    try (Connection connection = PlatformParts.postgres().superuser(name)) {
      return work.applyAsLong(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }
  }
}
