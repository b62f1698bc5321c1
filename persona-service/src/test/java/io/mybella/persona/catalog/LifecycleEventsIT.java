package io.mybella.persona.catalog;

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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

class LifecycleEventsIT extends PersonaServiceTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Autowired private PersonaCatalog catalog;

  @Test
  void aLifeIsToldInOrderAndAsTheContractSays() {
    PersonaApi user = newUser();
    long id =
        user.postJson(
                "/api/personas/create",
                Map.of(
                    "name", "Coach",
                    "display_name", "Coach Sam",
                    "description", "Runs 🏃",
                    "voice_id", "pNInz6obpgDQGcFmaJgB"))
            .json()
            .at("/persona/id")
            .asLong();
    String path = "/api/personas/" + id;
    user.putJson(path, Map.of("tagline", "Go!"));
    user.putJson(path, Map.of("tagline", "Go!"));
    user.multipart(HttpMethod.PUT, path, Map.of(), Pictures.of("png", 30, 30), "me.png");
    String erasureId = user.delete(path).json().get("erasure_id").asString();

    try (KafkaProbe probe = probe(Topics.PERSONA_LIFECYCLE)) {
      List<ConsumerRecord<String, byte[]>> life = probe.await(ofPersona(id), 4, SOON);
      assertThat(life.stream().map(record -> KafkaProbe.header(record, "ce_type")))
          .as("a change that changes nothing is not told")
          .containsExactly(
              EventTypes.PERSONA_CREATED,
              EventTypes.PERSONA_UPDATED,
              EventTypes.PERSONA_UPDATED,
              EventTypes.PERSONA_DELETED);
      List<JsonNode> data = life.stream().map(EventContract::valid).toList();
      assertThat(data.stream().map(event -> event.get("version").asLong()))
          .containsExactly(1L, 2L, 3L, 4L);
      assertThat(data).allMatch(event -> event.get("owner_user_id").asLong() == user.userId());
      JsonNode created = data.get(0);
      assertThat(created.get("name").asString()).isEqualTo("Coach");
      assertThat(created.get("display_name").asString()).isEqualTo("Coach Sam");
      assertThat(created.get("description").asString()).isEqualTo("Runs 🏃");
      assertThat(created.get("voice_id").asString()).isEqualTo("pNInz6obpgDQGcFmaJgB");
      assertThat(created.get("is_custom").asBoolean()).isTrue();
      assertThat(created.get("avatar_url").isNull()).isTrue();
      assertThat(data.get(1).get("tagline").asString()).isEqualTo("Go!");
      assertThat(data.get(2).get("avatar_url").asString()).isEqualTo(path + "/avatar?v=3");
      assertThat(data.get(3).get("erasure_id").asString()).isEqualTo(erasureId);
    }
  }

  @Test
  void theBuiltInPersonasAreAnnouncedOnceHoweverOftenTheServiceStarts() {
    catalog.announceBuiltIn();
    PersonaApi user = newUser();
    long later = user.create("Later");

    try (KafkaProbe probe = probe(Topics.PERSONA_LIFECYCLE)) {
      probe.await(ofPersona(later), SOON);
      for (long id = 1; id <= 6; id++) {
        List<ConsumerRecord<String, byte[]>> announced =
            probe.await(ofPersona(id).and(KafkaProbe.ofType(EventTypes.PERSONA_CREATED)), SOON);
        assertThat(announced).hasSize(1);
        JsonNode data = EventContract.valid(announced.getFirst());
        assertThat(data.get("owner_user_id").isNull()).isTrue();
        assertThat(data.get("is_custom").asBoolean()).isFalse();
      }
    }
  }

  @Test
  void whatIsRefusedIsNotTold() {
    PersonaApi user = newUser();
    user.create("Coach");
    user.postJson("/api/personas/create", Map.of("name", "Coach"));
    long last = user.create("Last");

    try (KafkaProbe probe = probe(Topics.PERSONA_LIFECYCLE)) {
      probe.await(ofPersona(last), SOON);
      assertThat(
              probe.all().stream()
                  .filter(KafkaProbe.ofType(EventTypes.PERSONA_CREATED))
                  .map(EventContract::valid)
                  .filter(data -> data.get("owner_user_id").asLong() == user.userId()))
          .hasSize(2);
    }
  }

  @Test
  void theNewestWordOnACustomVoiceCounts() {
    PersonaApi user = newUser();
    long id = user.create("Coach");
    String path = "/api/personas/" + id;
    String before = user.get(path).eTag();
    try (KafkaProbe probe = probe()) {
      tellVoice(probe, user, id, true, 2);
      await().atMost(SOON).until(() -> user.get(path).json().get("has_custom_voice").asBoolean());
      assertThat(user.get(path).eTag()).isNotEqualTo(before);

      // An older event, and then one that shows that the older one was handled.
      tellVoice(probe, user, id, false, 1);
      long other = user.create("Other");
      tellVoice(probe, user, other, true, 1);
      tellVoice(probe, user, id, true, 3);
      await()
          .atMost(SOON)
          .until(
              () ->
                  database.queryForObject(
                          "select custom_voice_version from persona where id = ?", Long.class, id)
                      == 3);
      assertThat(user.get(path).json().get("has_custom_voice").asBoolean()).isTrue();

      tellVoice(probe, user, id, false, 4);
      await().atMost(SOON).until(() -> !user.get(path).json().get("has_custom_voice").asBoolean());
    }
    assertThat(user.putJson(path, Map.of("tagline", "x"), Map.of("If-Match", before)).status())
        .as("the profile did not change")
        .isEqualTo(200);
  }

  private static void tellVoice(
      KafkaProbe probe, PersonaApi user, long id, boolean has, long version) {
    probe.send(
        Topics.VOICE_CHANGED,
        Long.toString(id),
        UUID.randomUUID(),
        EventTypes.CUSTOM_VOICE_CHANGED,
        """
        {"persona_id": %d, "owner_user_id": %d, "has_custom_voice": %s, "version": %d,
         "occurred_at": "2026-11-22T10:30:00Z"}
        """
            .formatted(id, user.userId(), has, version));
  }

  private static Predicate<ConsumerRecord<String, byte[]>> ofPersona(long id) {
    return record -> record.key().equals(Long.toString(id));
  }
}
