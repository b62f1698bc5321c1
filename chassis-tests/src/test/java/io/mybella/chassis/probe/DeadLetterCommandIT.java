package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.ChildJvm;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The command of docs/operations.md, run as an operator does: in a process of its own. */
@PlatformTest(database = "probe")
class DeadLetterCommandIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOPIC = "probe.notes";
  private static final String BATCHES = "probe.batches";

  private final JdbcClient database;
  private final Environment environment;
  private final String kafka;
  private final String key = UUID.randomUUID().toString();

  @TempDir Path folder;

  @Autowired
  DeadLetterCommandIT(JdbcClient database, Environment environment) {
    this.database = database;
    this.environment = environment;
    this.kafka = environment.getRequiredProperty("spring.kafka.bootstrap-servers");
  }

  @BeforeEach
  void noNotes() {
    database.sql("delete from note").update();
  }

  @Test
  void whatCanBeHandledNowHasItsEffectOnceAndTheRestStaysDead() throws Exception {
    UUID mendable = UUID.randomUUID();
    UUID hopeless = UUID.randomUUID();
    try (var probe = KafkaProbe.on(kafka, dead(TOPIC), dead(BATCHES))) {
      // A note of the same number is in the way.
      database
          .sql("insert into note (id, text) values (91, 'in the way'), (93, 'in the way')")
          .update();
      probe.send(
          BATCHES,
          key,
          UUID.randomUUID(),
          "probe.note.v1",
          "{\"note_id\":93,\"text\":\"late in a batch\"}");
      probe.send(TOPIC, key, mendable, "probe.note.v1", "{\"note_id\":91,\"text\":\"late\"}");
      probe.send(TOPIC, key, hopeless, "probe.note.v1", "{\"note_id\":");
      probe.send(
          TOPIC, key, UUID.randomUUID(), "probe.note.v1", "{\"note_id\":92,\"text\":\"on time\"}");
      await().atMost(LIMIT).untilAsserted(() -> assertThat(notes()).contains("on time"));
      probe.await(each -> key.equals(each.key()), 3, LIMIT);

      assertThat(run("list"))
          .contains(mendable.toString(), hopeless.toString(), "probe.note.v1")
          .contains("exit code 0");
      database.sql("delete from note where id in (91, 93)").update();
      assertThat(run("replay")).contains(TOPIC + ": done, ", "failed again", "exit code 1");

      assertThat(notes()).containsExactly("late", "on time", "late in a batch");
      assertThat(probe.await(each -> again(each, hopeless), 2, LIMIT).getLast())
          .satisfies(
              letter -> {
                assertThat(KafkaProbe.header(letter, "x-exception-message")).isNotEmpty();
                assertThat(KafkaProbe.header(letter, "x-original-topic")).isEqualTo(TOPIC);
              });
    }
    try (var original = KafkaProbe.on(kafka, TOPIC)) {
      assertThat(original.all().stream().filter(each -> key.equals(each.key())))
          .as("the replay is nobody else's business")
          .hasSize(3);
    }
    database.sql("delete from note").update();
    assertThat(run("replay")).doesNotContain(mendable.toString());
    assertThat(notes()).as("one effect").isEmpty();
  }

  @Test
  void aTopicThatTheServiceDoesNotReadIsRefused() throws Exception {
    assertThat(run("replay", "--mybella.dead-letters.topic=probe.facts"))
        .contains(
            "does not read probe.facts; it reads [probe.batches, probe.notes]", "exit code 1");
  }

  private static boolean again(ConsumerRecord<String, byte[]> letter, UUID id) {
    return KafkaProbe.header(letter, "ce_id").equals(id.toString());
  }

  private static String dead(String topic) {
    return topic + ".probe-service.dlq";
  }

  /** Those of this test: dead letters of others are handled as well. */
  private List<String> notes() {
    return database
        .sql("select text from note where id > 90 order by id")
        .query(String.class)
        .list();
  }

  /** What the command wrote, and its exit code. */
  private String run(String what, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--spring.profiles.active=dead-letters");
    arguments.add("--server.port=0");
    arguments.add("--mybella.dead-letters.run=" + what);
    arguments.addAll(List.of(more));
    List<String> command = ChildJvm.command(ProbeApplication.class, List.of(), arguments);
    var process = new ProcessBuilder(command);
    List.of(
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.datasource.password",
            "spring.flyway.user",
            "spring.flyway.password",
            "spring.kafka.bootstrap-servers")
        .forEach(
            name ->
                process
                    .environment()
                    .put(
                        name.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", ""),
                        environment.getRequiredProperty(name)));
    return ChildJvm.outcome(process, folder, Duration.ofMinutes(3));
  }
}
