package io.mybella.memory.erasure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Setting;
import io.mybella.memory.MemoryServiceApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A replica that dies while it erases: another one goes on, and the receipt counts everything. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledEraserIT {

  private static final int PAIRS = 50;
  private static final int MESSAGES = 400;
  private static final long PERSONA = 7;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final PostgresPart.Database database = PlatformParts.freshDatabase("memory");

  @Test
  void anotherReplicaGoesOnAndNothingIsCountedTwice(@TempDir Path folder) throws Exception {
    UUID erasureId = UUID.randomUUID();
    // A broker of its own: at that of the other tests another service is of the same group.
    try (KafkaPart kafka = KafkaPart.start(KafkaPart.Options.temporary());
        KafkaProbe probe = KafkaProbe.on(kafka.bootstrapServers(), Topics.PERSONA_ERASURE)) {
      try (ServiceProcess first = start(kafka, folder.resolve("first"))) {
        onDatabase(
            db ->
                db.sql(
                        """
                        WITH pairs AS (
                          INSERT INTO persona_memory (user_id, persona_id)
                          SELECT n, :persona FROM generate_series(1, :pairs) AS n RETURNING *)
                        INSERT INTO chat_message
                          (user_id, persona_id, id, conversation_id, role, content, created_at)
                        SELECT user_id, persona_id, uuidv7(), uuidv7(), 'user', 'm', now()
                        FROM pairs, generate_series(1, :messages)
                        """)
                    .param("persona", PERSONA)
                    .param("pairs", PAIRS)
                    .param("messages", MESSAGES)
                    .update());
        probe.send(
            Topics.PERSONA_LIFECYCLE,
            Long.toString(PERSONA),
            UUID.randomUUID(),
            EventTypes.PERSONA_DELETED,
            """
            {"persona_id":%d,"owner_user_id":null,"erasure_id":"%s","version":5,
             "occurred_at":"2026-11-22T10:15:30Z"}
            """
                .formatted(PERSONA, erasureId));
        await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> left() < PAIRS * MESSAGES);
        assertThat(first.runs()).isTrue();
      }
      // It has died by kill -9, with the lease of a work that is half done.
      assertThat(left()).isPositive();
      try (ServiceProcess next = start(kafka, folder.resolve("next"))) {
        JsonNode receipt = receipt(probe, erasureId);
        assertThat(receipt.get("counts").get("chat_message").asLong())
            .isEqualTo((long) PAIRS * MESSAGES);
        assertThat(receipt.get("counts").get("persona_memory").asLong()).isEqualTo(PAIRS);
        assertThat(left()).isZero();
        await().until(() -> count("SELECT count(*) FROM memory_work") == 0);
        assertThat(next.runs()).isTrue();
      }
    }
  }

  private static JsonNode receipt(KafkaProbe probe, UUID erasureId) {
    byte[] event =
        probe
            .await(
                KafkaProbe.ofType(EventTypes.PERSONA_ERASED)
                    .and(
                        record -> new String(record.value(), UTF_8).contains(erasureId.toString())),
                LIMIT)
            .getFirst()
            .value();
    return JsonMapper.shared().readTree(event);
  }

  private ServiceProcess start(KafkaPart kafka, Path folder) throws IOException {
    Files.createDirectories(folder);
    return ServiceProcess.start(
        MemoryServiceApplication.class,
        Setting.MYBELLA_MEMORY_HEAP.defaultValue(),
        database,
        kafka.bootstrapServers(),
        folder,
        "--mybella.services.persona-url=http://127.0.0.1:" + FreePort.find(),
        "--mybella.memory.erasure.batch=100",
        "--mybella.memory.work.turn=1s",
        "--mybella.memory.work.lease=3s",
        "--mybella.memory.work.poll-interval=50ms");
  }

  private long left() throws SQLException {
    return count("SELECT count(*) FROM chat_message");
  }

  private long count(String sql) throws SQLException {
    return onDatabase(db -> db.sql(sql).query(Long.class).single().intValue());
  }

  private int onDatabase(ToIntFunction<JdbcClient> work) throws SQLException {
    String url = database.jdbcUrl();
    String name = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
    try (Connection connection = PlatformParts.postgres().superuser(name)) {
      return work.applyAsInt(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }
  }
}
