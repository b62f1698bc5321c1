package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.mybella.contracts.ContractFiles;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.local.TestPlatform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.json.JsonMapper;

/** A system outside the platform that listens to personas with nothing but a Kafka client. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class OutsideConsumerIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final List<ConsumerRecord<String, String>> seen = new ArrayList<>();

  @Test
  void seesCreatedSwitchedDeletedAndErasedAsCloudEvents(TestPlatform platform) {
    ApiClient api = ApiClient.register(platform, "Listener");
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                platform.kafkaBootstrapServers(),
                "group.id",
                "outside-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(
          List.of(Topics.PERSONA_LIFECYCLE, Topics.PERSONA_SWITCHED, Topics.PERSONA_ERASURE));

      String words = "canary" + UUID.randomUUID();
      long id =
          api.post("/api/personas/create", Map.of("name", "Echo", "description", "Answers"))
              .body()
              .path("persona")
              .path("id")
              .asLong();
      api.post("/api/personas/switch", Map.of("persona_id", id));
      api.post("/api/personas/" + id + "/chat", Map.of("content", words));
      api.put("/api/personas/" + id, Map.of("tagline", "Again"));
      String erasure = api.delete("/api/personas/" + id).body().path("erasure_id").asString();

      String key = Long.toString(id);
      String user = Long.toString(api.userId());
      assertThat(await(consumer, EventTypes.PERSONA_CREATED, key, 1)).hasSize(1);
      await(consumer, EventTypes.PERSONA_UPDATED, key, 1);
      assertThat(await(consumer, EventTypes.PERSONA_SWITCHED, user, 2))
          .extracting(each -> JSON.readTree(each.value()).path("reason").asString())
          .containsExactly("user", "persona_deleted");
      await(consumer, EventTypes.PERSONA_DELETED, key, 1);
      assertThat(await(consumer, EventTypes.PERSONA_ERASED, key, 2))
          .allSatisfy(
              each ->
                  assertThat(JSON.readTree(each.value()).path("erasure_id").asString())
                      .isEqualTo(erasure));

      assertThat(ofKey(key, Topics.PERSONA_LIFECYCLE))
          .extracting(each -> header(each, "ce_type"))
          .containsExactly(
              EventTypes.PERSONA_CREATED, EventTypes.PERSONA_UPDATED, EventTypes.PERSONA_DELETED);
      assertThat(seen).allSatisfy(OutsideConsumerIT::assertKeepsTheContract);
      assertThat(seen).noneMatch(each -> each.value().contains(words));
    }
  }

  private List<ConsumerRecord<String, String>> await(
      KafkaConsumer<String, String> consumer, String type, String key, int count) {
    Predicate<ConsumerRecord<String, String>> wanted =
        each -> header(each, "ce_type").equals(type) && key.equals(each.key());
    Instant end = Instant.now().plus(LIMIT);
    while (seen.stream().filter(wanted).count() < count) {
      assertThat(Instant.now()).as("%d of %s for %s", count, type, key).isBefore(end);
      consumer.poll(Duration.ofMillis(200)).forEach(seen::add);
    }
    return seen.stream().filter(wanted).toList();
  }

  private List<ConsumerRecord<String, String>> ofKey(String key, String topic) {
    return seen.stream()
        .filter(each -> each.topic().equals(topic) && key.equals(each.key()))
        .toList();
  }

  private static void assertKeepsTheContract(ConsumerRecord<String, String> event) {
    String type = header(event, "ce_type");
    assertValid(ContractFiles.schema(type), event.value(), type);
    Map<String, String> headers = new TreeMap<>();
    event
        .headers()
        .forEach(each -> headers.put(each.key(), new String(each.value(), StandardCharsets.UTF_8)));
    assertValid(ContractFiles.headersSchema(), JSON.writeValueAsString(headers), type);
    assertThat(headers).containsKey("traceparent");
  }

  private static void assertValid(String schema, String json, String what) {
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(json, InputFormat.JSON))
        .as(what)
        .isEmpty();
  }

  private static String header(ConsumerRecord<?, ?> event, String name) {
    var header = event.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
