package io.mybella.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.local.TestPlatform;
import io.mybella.local.testing.NodeProject.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code examples/node-consumer} beside the running platform: what the documentation promises. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class NodeConsumerIT {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A user who never chose has the first of the built-in personas. */
  private static final long DEFAULT_PERSONA = 1;

  /** What an event tells of a persona and the list shows, too. */
  private static final List<String> SHOWN =
      List.of(
          "name",
          "display_name",
          "description",
          "personality_traits",
          "communication_style",
          "tagline",
          "voice_id",
          "avatar_url",
          "is_custom");

  @TempDir private Path folder;

  @Test
  void itsOwnTestsPass() throws IOException {
    Run tests = NodeExample.installed().test();

    assertThat(tests.exitCode()).as("%s", tests.text()).isZero();
    assertThat(tests.text()).contains("# fail 0").doesNotContain("# pass 0");
  }

  @Test
  void readModelEqualsThePlatformAlsoAfterRepeatsAndAReplay(TestPlatform platform)
      throws Exception {
    NodeExample example = NodeExample.installed();
    ApiClient chooser = ApiClient.register(platform, "Chooser");
    ApiClient other = ApiClient.register(platform, "Other");
    String group = "node-example-" + UUID.randomUUID();
    Path state = folder.resolve("read-model.json");

    // It listens while the changes are made.
    long deleted;
    Set<Long> personas;
    JsonNode before;
    try (Run listening = example.start(platform, group, state)) {
      deleted = create(chooser, "Nova");
      long kept = create(chooser, "Orion");
      chooser.put("/api/personas/" + kept, Map.of("tagline", "Ganz nah – 星 🌟"));
      chooser.post("/api/personas/switch", Map.of("persona_id", kept));
      chooser.post("/api/personas/switch", Map.of("persona_id", deleted));
      chooser.delete("/api/personas/" + deleted);
      personas = Set.of(deleted, kept, create(other, "Private"));
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                assertThat(state).exists();
                assertShows(JSON.readTree(Files.readString(state)), chooser);
                assertShows(JSON.readTree(Files.readString(state)), other);
              });
      assertThat(personasOf(chooser)).hasSize(7);
      before = listening.stop().printed();
    }
    assertShows(before, chooser);
    assertIsGone(before, deleted);

    // Everything comes once more, and the birth of the deleted persona under a new id on top.
    sendAgain(platform, deleted, chooser.userId(), other.userId());
    Run repeated = example.start(platform, group, state, "--once");
    Set<Long> users = Set.of(chooser.userId(), other.userId());
    assertSame(repeated.printed(), before, users, personas);
    assertThat(repeated.log()).contains("\"duplicate\":").doesNotContain("replaying");

    // Without its file it begins at the beginning.
    Files.delete(state);
    Run replayed = example.start(platform, group, state, "--once");
    assertSame(replayed.printed(), before, users, personas);
    assertThat(replayed.log()).contains("replaying").contains("caught up");
    assertShows(replayed.printed(), chooser);
    assertShows(replayed.printed(), other);
    assertIsGone(replayed.printed(), deleted);
  }

  private static long create(ApiClient api, String name) {
    return api.post("/api/personas/create", Map.of("name", name, "description", "About " + name))
        .body()
        .path("persona")
        .path("id")
        .asLong();
  }

  /** The read model has what the user's list has, and the same current persona. */
  private static void assertShows(JsonNode model, ApiClient api) {
    List<JsonNode> known =
        model
            .path("personas")
            .valueStream()
            .filter(persona -> !persona.path("deleted").asBoolean())
            .filter(
                persona ->
                    persona.path("owner_user_id").isNull()
                        || persona.path("owner_user_id").asLong() == api.userId())
            .toList();
    List<JsonNode> listed = personasOf(api);
    assertThat(known)
        .extracting(persona -> persona.path("persona_id").asLong())
        .containsExactlyInAnyOrderElementsOf(
            listed.stream().map(persona -> persona.path("id").asLong()).toList());
    for (String member : SHOWN) {
      assertThat(known)
          .as(member)
          .extracting(persona -> persona.path(member))
          .containsExactlyInAnyOrderElementsOf(
              listed.stream().map(persona -> persona.path(member)).toList());
    }
    assertThat(activeOf(model, api.userId()))
        .isEqualTo(api.get("/api/personas/current").body().path("id").asLong());
  }

  private static List<JsonNode> personasOf(ApiClient api) {
    return api.get("/api/personas/available").body().valueStream().toList();
  }

  private static long activeOf(JsonNode model, long user) {
    return model
        .path("active")
        .valueStream()
        .filter(choice -> choice.path("user_id").asLong() == user)
        .map(choice -> choice.path("persona_id").asLong())
        .findFirst()
        .orElse(DEFAULT_PERSONA);
  }

  private static void assertIsGone(JsonNode model, long persona) {
    assertThat(model.path("personas").valueStream())
        .filteredOn(each -> each.path("persona_id").asLong() == persona)
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.propertyNames())
                    .containsExactlyInAnyOrder("persona_id", "version", "deleted"));
  }

  /** Others make and choose personas meanwhile: these users have what they had. */
  private static void assertSame(
      JsonNode model, JsonNode before, Set<Long> users, Set<Long> personas) {
    assertThat(rows(model, "personas", row -> personas.contains(row.path("persona_id").asLong())))
        .hasSameSizeAs(personas)
        .isEqualTo(
            rows(before, "personas", row -> personas.contains(row.path("persona_id").asLong())));
    assertThat(rows(model, "active", row -> users.contains(row.path("user_id").asLong())))
        .isNotEmpty()
        .isEqualTo(rows(before, "active", row -> users.contains(row.path("user_id").asLong())));
    // How often a persona was chosen; nobody else can choose these.
    assertThat(rows(model, "choices", row -> personas.contains(row.path(0).asLong())))
        .isNotEmpty()
        .isEqualTo(rows(before, "choices", row -> personas.contains(row.path(0).asLong())));
  }

  private static List<JsonNode> rows(JsonNode model, String part, Predicate<JsonNode> wanted) {
    return model.path(part).valueStream().filter(wanted).toList();
  }

  /**
   * Sends what was told of some keys again, as a relay does that died after it had sent. Worse: the
   * birth of the deleted persona comes under a new id, like news.
   */
  private static void sendAgain(TestPlatform platform, long deleted, long... users)
      throws Exception {
    Set<String> keys =
        LongStream.concat(LongStream.of(deleted), LongStream.of(users))
            .mapToObj(Long::toString)
            .collect(Collectors.toSet());
    List<ProducerRecord<String, String>> again = new ArrayList<>();
    for (ConsumerRecord<String, String> record :
        TopicLog.read(platform, Topics.PERSONA_LIFECYCLE, Topics.PERSONA_SWITCHED)) {
      if (keys.contains(record.key())) {
        again.add(copy(record, TopicLog.header(record, "ce_id")));
        if (TopicLog.header(record, "ce_type").equals(EventTypes.PERSONA_CREATED)) {
          again.add(copy(record, UUID.randomUUID().toString()));
        }
      }
    }
    assertThat(again).hasSizeGreaterThanOrEqualTo(6);
    Map<String, Object> settings = Map.of("bootstrap.servers", platform.kafkaBootstrapServers());
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (ProducerRecord<String, String> record : again) {
        producer.send(record).get();
      }
    }
  }

  private static ProducerRecord<String, String> copy(
      ConsumerRecord<String, String> record, String id) {
    var copy = new ProducerRecord<>(record.topic(), record.key(), record.value());
    for (Header header : record.headers()) {
      copy.headers()
          .add(header.key(), header.key().equals("ce_id") ? id.getBytes(US_ASCII) : header.value());
    }
    return copy;
  }
}
