package io.mybella.persona.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.EventContract;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaServiceTest;
import io.mybella.persona.testing.Pictures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

class ErasureIT extends PersonaServiceTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Autowired private Erasures erasures;

  @Test
  void anErasureIsCompleteWhenEveryServiceHasAnswered() {
    PersonaApi user = newUser();
    long id = user.create("Coach");
    String erasureId = user.delete("/api/personas/" + id).json().get("erasure_id").asString();
    String path = "/api/personas/erasures/" + erasureId;

    JsonNode pending = user.get(path).json();
    assertThat(pending.get("persona_id").asLong()).isEqualTo(id);
    assertThat(pending.get("status").asString()).isEqualTo("pending");
    assertThat(pending.get("completed_at").isNull()).isTrue();
    assertThat(pending.get("services").valueStream().map(s -> s.get("service").asString()))
        .containsExactly("memory-service", "voice-service");

    try (KafkaProbe probe = probe(Topics.PERSONA_ERASURE)) {
      UUID receipt = UUID.randomUUID();
      answer(probe, receipt, erasureId, id, "memory-service", 12);
      answer(probe, receipt, erasureId, id, "memory-service", 12);
      await().atMost(SOON).until(() -> statusOf(user.get(path).json(), 0).equals("complete"));
      assertThat(user.get(path).json().get("status").asString()).isEqualTo("pending");
      assertThat(user.get(path).json().at("/services/0/counts/chat_message").asInt()).isEqualTo(12);

      answer(probe, UUID.randomUUID(), erasureId, id, "another-service", 1);
      answer(probe, UUID.randomUUID(), erasureId, id, "voice-service", 0);
      await()
          .atMost(SOON)
          .until(() -> user.get(path).json().get("status").asString().equals("complete"));
    }
    JsonNode complete = user.get(path).json();
    assertThat(complete.get("completed_at").asString()).isNotBlank();
    assertThat(complete.get("services")).hasSize(2);
  }

  @Test
  void aReceiptThatCannotBeReadDoesNotStopThoseBehindIt() {
    PersonaApi user = newUser();
    long id = user.create("Coach");
    String erasureId = user.delete("/api/personas/" + id).json().get("erasure_id").asString();
    try (KafkaProbe probe = probe(Topics.PERSONA_ERASURE + ".persona-service.dlq")) {
      UUID poison = UUID.randomUUID();
      probe.send(
          Topics.PERSONA_ERASURE,
          Long.toString(id),
          poison,
          EventTypes.PERSONA_ERASED,
          "{\"erasure_id\": 5, \"persona_id\": ");
      UUID unknown = UUID.randomUUID();
      probe.send(
          Topics.PERSONA_ERASURE, Long.toString(id), unknown, "io.mybella.persona.erased.v2", "{}");
      answer(probe, UUID.randomUUID(), erasureId, id, "memory-service", 1);
      answer(probe, UUID.randomUUID(), erasureId, id, "voice-service", 1);

      await()
          .atMost(Duration.ofSeconds(40))
          .until(
              () ->
                  user.get("/api/personas/erasures/" + erasureId)
                      .json()
                      .get("status")
                      .asString()
                      .equals("complete"));
      for (UUID dead : List.of(poison, unknown)) {
        assertThat(
                probe.await(
                    record -> KafkaProbe.header(record, "ce_id").equals(dead.toString()), SOON))
            .hasSize(1);
      }
    }
  }

  @Test
  void aDeletionIsToldAgainWhileAReceiptIsMissing() {
    PersonaApi user = newUser();
    long id = user.create("Coach");
    UUID erasureId =
        UUID.fromString(user.delete("/api/personas/" + id).json().get("erasure_id").asString());
    try (KafkaProbe probe = probe(Topics.PERSONA_LIFECYCLE)) {
      var deletion =
          KafkaProbe.ofType(EventTypes.PERSONA_DELETED)
              .and(record -> record.key().equals(Long.toString(id)));
      JsonNode first = EventContract.valid(probe.await(deletion, SOON).getFirst());

      erasures.tellAgain();
      longAgo(erasureId);
      erasures.tellAgain();
      erasures.tellAgain();

      List<ConsumerRecord<String, byte[]>> told = probe.await(deletion, 2, SOON);
      assertThat(told).hasSize(2);
      assertThat(EventContract.valid(told.get(1))).isEqualTo(first);

      erasures.record(erasureId, "memory-service", Map.of());
      erasures.record(erasureId, "voice-service", Map.of());
      longAgo(erasureId);
      erasures.tellAgain();
      long later = user.create("Later");
      probe.await(record -> record.key().equals(Long.toString(later)), SOON);
      assertThat(probe.all().stream().filter(deletion)).as("nothing is missing").hasSize(2);
    }
  }

  @Test
  void nothingOfAPersonasTextIsLeftInAnyTableAfterItsDeletion() {
    PersonaApi user = newUser();
    String canary = "canary" + UUID.randomUUID();
    long id =
        user.multipart(
                HttpMethod.POST,
                "/api/personas/create",
                Map.of(
                    "name", canary.substring(0, 30),
                    "display_name", canary,
                    "description", canary,
                    "personality_traits", canary,
                    "communication_style", canary,
                    "tagline", canary,
                    "voice_id", canary),
                Pictures.of("png", 30, 30),
                canary + ".png")
            .json()
            .at("/persona/id")
            .asLong();
    assertThat(tablesWith("canary")).contains("persona");
    String avatar =
        database.queryForObject("select avatar from persona where id = ?", String.class, id);

    user.delete("/api/personas/" + id);

    await().atMost(SOON).untilAsserted(() -> assertThat(tablesWith("canary")).isEmpty());
    assertThat(tablesWith(avatar))
        .as("the list of blobs to remove aside")
        .isSubsetOf("loose_picture");
  }

  /** The tables in which any column of any row contains the text. */
  private List<String> tablesWith(String text) {
    List<String> found = new ArrayList<>();
    for (String table :
        database.queryForList(
            "select table_name from information_schema.tables where table_schema = 'public'",
            String.class)) {
      Long rows =
          database.queryForObject(
              "select count(*) from %s as t where t::text like ?".formatted(table),
              Long.class,
              "%" + text + "%");
      if (rows != null && rows > 0) {
        found.add(table);
      }
    }
    return found;
  }

  private void longAgo(UUID erasureId) {
    database.update(
        "update erasure set told_at = told_at - interval '1 day' where id = ?", erasureId);
  }

  private static void answer(
      KafkaProbe probe, UUID eventId, String erasureId, long id, String service, int count) {
    probe.send(
        Topics.PERSONA_ERASURE,
        Long.toString(id),
        eventId,
        EventTypes.PERSONA_ERASED,
        """
        {"erasure_id": "%s", "persona_id": %d, "service": "%s",
         "counts": {"chat_message": %d}, "occurred_at": "2026-11-22T10:30:00Z"}
        """
            .formatted(erasureId, id, service, count));
  }

  private static String statusOf(JsonNode erasure, int service) {
    return erasure.get("services").get(service).get("status").asString();
  }
}
