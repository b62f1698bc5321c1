package io.mybella.persona.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SwitchIT extends PersonaServiceTest {

  private static final String SWITCH = "/api/personas/switch";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"persona_id\": 3}", "{\"persona_id\": \"3\"}", "{\"persona_id\": \" 3 \"}"})
  void anIdIsANumberOrANumericString(String body) {
    PersonaApi user = newUser();

    Answer answer = user.postJson(SWITCH, body);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            """
            {"message":"Switched to Maya","persona":{"id":3,"name":"Maya",\
            "display_name":"Maya","avatar":"persona_pics/maya.png"}}\
            """);
    assertThat(user.currentIds()).containsExactly(3L);
    assertThat(user.get("/api/personas/current").json().get("id").asLong()).isEqualTo(3);
    assertThat(user.get("/api/personas/3").json().get("is_current").asBoolean()).isTrue();
  }

  @Test
  void formsSwitchToo() {
    PersonaApi user = newUser();
    assertThat(user.form(HttpMethod.POST, SWITCH, Map.of("persona_id", "2")).status())
        .isEqualTo(200);
    assertThat(user.currentIds()).containsExactly(2L);
    assertThat(user.multipart(HttpMethod.POST, SWITCH, Map.of("persona_id", "4")).status())
        .isEqualTo(200);
    assertThat(user.currentIds()).containsExactly(4L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"persona_id\": null}", "{\"persona_id\": \"\"}", "null", ""})
  void withoutAnIdThereIsNothingToSwitchTo(String body) {
    Answer answer =
        newUser().send(HttpMethod.POST, SWITCH, MediaType.APPLICATION_JSON, body, Map.of());

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("persona_id is required");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"persona_id\": \"three\"}",
        "{\"persona_id\": 3.5}",
        "{\"persona_id\": true}",
        "{\"persona_id\": [3]}",
        "{\"persona_id\": \"3 or 1=1\"}",
        "{\"persona_id\": \"٣\"}",
        "[3]",
        "{\"persona_id\": "
      })
  void whatIsNoIdIsABadRequest(String body) {
    assertThat(newUser().postJson(SWITCH, body).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "999999", "99999999999999999999", "1e3"})
  void whoIsNotThereIsNotFound(String id) {
    PersonaApi user = newUser();

    Answer answer = user.postJson(SWITCH, "{\"persona_id\": %s}".formatted(id));

    assertThat(answer.status()).isIn(400, 404);
    assertThat(user.currentIds()).containsExactly(1L);
  }

  @Test
  void aPersonaOfSomebodyElseIsAsMissingAsOneThatNeverWas() {
    long foreign = newUser().create("Private");
    PersonaApi user = newUser();

    Answer foreignAnswer = user.postJson(SWITCH, Map.of("persona_id", foreign));
    Answer missingAnswer = user.postJson(SWITCH, Map.of("persona_id", foreign + 100_000));

    assertThat(foreignAnswer.status()).isEqualTo(404);
    assertThat(foreignAnswer.error()).isEqualTo(missingAnswer.error());
    assertThat(user.currentIds()).containsExactly(1L);
  }

  @Test
  void everyRealSwitchIsToldOnceAndInOrder() {
    PersonaApi user = newUser();
    long own = user.create("Coach");
    for (long id : List.of(1L, 3L, 3L, own, own, 1L, 2L)) {
      assertThat(user.postJson(SWITCH, Map.of("persona_id", id)).status()).isEqualTo(200);
    }

    try (KafkaProbe probe = probe(Topics.PERSONA_SWITCHED)) {
      List<ConsumerRecord<String, byte[]>> told =
          probe.await(ofUser(user), 4, Duration.ofSeconds(20));
      assertThat(told.stream().map(record -> data(record).get("persona_id").asLong()))
          .containsExactly(3L, own, 1L, 2L);
      assertThat(told.stream().map(record -> data(record).get("previous_persona_id").asString("-")))
          .containsExactly("1", "3", Long.toString(own), "1");
      assertThat(told.stream().map(record -> data(record).get("version").asLong()))
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(told).allMatch(record -> data(record).get("reason").asString().equals("user"));
    }
  }

  @Test
  void parallelSwitchesLeaveExactlyOneCurrentPersona() throws Exception {
    PersonaApi user = newUser();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var switches =
          IntStream.range(0, 60)
              .<Callable<Integer>>mapToObj(
                  i -> () -> user.postJson(SWITCH, Map.of("persona_id", 1 + i % 6)).status())
              .toList();
      assertThat(threads.invokeAll(switches)).allMatch(done -> done.resultNow() == 200);
    }

    assertThat(user.currentIds()).hasSize(1);
    try (KafkaProbe probe = probe(Topics.PERSONA_SWITCHED)) {
      Long version =
          database.queryForObject(
              "select version from active_persona where user_id = ?", Long.class, user.userId());
      var told =
          probe.await(
              ofUser(user).and(record -> data(record).get("version").asLong() == version),
              Duration.ofSeconds(20));
      assertThat(data(told.getFirst()).get("persona_id").asLong())
          .as("the newest event tells of the state that is")
          .isEqualTo(user.currentIds().getFirst());
    }
  }

  @Test
  void deletingTheActivePersonaMakesTheDefaultOneActive() {
    PersonaApi user = newUser();
    long own = user.create("Coach");
    user.postJson(SWITCH, Map.of("persona_id", own));

    user.delete("/api/personas/" + own);

    assertThat(user.currentIds()).containsExactly(1L);
    try (KafkaProbe probe = probe(Topics.PERSONA_SWITCHED)) {
      JsonNode told = data(probe.await(ofUser(user), 2, Duration.ofSeconds(20)).get(1));
      assertThat(told.get("persona_id").asLong()).isEqualTo(1);
      assertThat(told.get("previous_persona_id").asLong()).isEqualTo(own);
      assertThat(told.get("reason").asString()).isEqualTo("persona_deleted");
      assertThat(told.get("version").asLong()).isEqualTo(2);
    }
  }

  @Test
  void switchesAndADeletionAtOnceNeverLeaveADeletedPersonaActive() throws Exception {
    for (int round = 0; round < 10; round++) {
      PersonaApi user = newUser();
      long own = user.create("Coach");
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var work =
            List.<Callable<Integer>>of(
                () -> user.postJson(SWITCH, Map.of("persona_id", own)).status(),
                () -> user.delete("/api/personas/" + own).status(),
                () -> user.postJson(SWITCH, Map.of("persona_id", own)).status());
        assertThat(threads.invokeAll(work))
            .allMatch(done -> List.of(200, 404).contains(done.resultNow()));
      }
      assertThat(user.currentIds()).containsExactly(1L);
      assertThat(
              database.queryForList(
                  "select persona_id from active_persona where user_id = ?",
                  Long.class,
                  user.userId()))
          .doesNotContain(own);
    }
  }

  private static Predicate<ConsumerRecord<String, byte[]>> ofUser(PersonaApi user) {
    return record -> record.key().equals(Long.toString(user.userId()));
  }

  private static JsonNode data(ConsumerRecord<String, byte[]> record) {
    return JSON.readTree(record.value());
  }
}
