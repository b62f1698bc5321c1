package io.mybella.system;

import static io.mybella.system.LegacyPersonasIT.assertRefused;
import static io.mybella.system.LegacyPersonasIT.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.contracts.event.Topics;
import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Switching as front ends of the original MyBella do it, at the public door. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class LegacySwitchIT {

  private static final Call SWITCH = Call.of("POST", "/api/personas/switch");
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Whoever is refused is the same before and after. */
  private static Onlooker onlooker;

  @BeforeAll
  static void register(TestPlatform platform) {
    onlooker = Onlooker.register(platform, "Onlooker");
  }

  @Test
  void aNumberAndANumericStringBothSwitch(TestPlatform platform) {
    Account user = Account.register(platform, "Switcher");

    assertSwitched(user.call(SWITCH.json(Map.of("persona_id", 3))), 3, "Maya");
    assertThat(current(user)).isEqualTo(3);
    assertSwitched(user.call(SWITCH.json(Map.of("persona_id", "2"))), 2, "Alex");
    assertThat(current(user)).isEqualTo(2);
    assertSwitched(user.call(SWITCH.json(Map.of("persona_id", " 4 "))), 4, "Luna");
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOfAnyKindSwitches(FrontEndBody kind, TestPlatform platform) {
    Account user = Account.register(platform, "Former");
    long own = user.persona("Own");

    assertSwitched(
        user.call(kind.fill(SWITCH, Map.of("persona_id", Long.toString(own)))), own, "Own");
    assertThat(current(user)).isEqualTo(own);
    assertRefused(
        user.call(kind.fill(SWITCH, Map.of("other", "3"))), 400, "persona_id is required");
    assertRefused(
        user.call(kind.fill(SWITCH, Map.of("persona_id", " "))), 400, "persona_id is required");
    assertRefused(
        user.call(kind.fill(SWITCH, Map.of("persona_id", "Maya"))),
        400,
        "persona_id must be a number");
    assertThat(current(user)).isEqualTo(own);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"persona_id\": null}", "{\"persona_id\": \"\"}", "null", "[3]", ""})
  void withoutAnIdNothingIsSwitched(String body) {
    assertRefused(
        onlooker.refused(SWITCH.text("application/json", body)), 400, "persona_id is required");
    assertThat(current()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "1.5", "1e2", "\"3x\"", "\"0x3\"", "\"３\"", "{\"id\": 3}", "[3]"})
  void whatIsNoIdIsABadRequest(String id) {
    Answer answer =
        onlooker.refused(SWITCH.text("application/json", "{\"persona_id\": %s}".formatted(id)));

    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(400);
    assertThat(answer.body().path("error").asString("")).startsWith("persona_id ");
    assertThat(current()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"999999999", "0", "-1", "9223372036854775807", "99999999999999999999999"})
  void aPersonaThatIsNotThereIsNotFound(String id) {
    for (String written : List.of(id, '"' + id + '"')) {
      assertRefused(
          onlooker.refused(
              SWITCH.text("application/json", "{\"persona_id\": %s}".formatted(written))),
          404,
          "Persona not found");
    }
    assertThat(current()).isEqualTo(1);
  }

  @Test
  void anotherUsersPersonaIsNotFound(TestPlatform platform) {
    long theirs = Account.register(platform, "Owner").persona("Private");

    assertRefused(
        onlooker.refused(SWITCH.json(Map.of("persona_id", theirs))), 404, "Persona not found");
    assertThat(current()).isEqualTo(1);
  }

  @Test
  void switchingToTheActivePersonaIsFineAndTellsNobody(TestPlatform platform) {
    Account user = Account.register(platform, "Repeater");
    for (int id : List.of(1, 3, 3, 3, 2, 2, 5)) {
      user.call(SWITCH.json(Map.of("persona_id", id)), 200);
    }

    // Events of one user are in order, so that of the last switch comes after any of the others.
    List<Long> switches =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> switchesOf(user, platform), told -> told.contains(5L));
    assertThat(switches).containsExactly(3L, 2L, 5L);
  }

  private static List<Long> switchesOf(Account user, TestPlatform platform) {
    return TopicLog.read(platform, Topics.PERSONA_SWITCHED).stream()
        .filter(event -> event.key().equals(Long.toString(user.id())))
        .map(event -> JSON.readTree(event.value()).path("persona_id").asLong())
        .toList();
  }

  private static long current() {
    return onlooker.get("/api/personas/current").body().path("id").asLong();
  }

  private static long current(Account user) {
    return user.get("/api/personas/current").body().path("id").asLong();
  }

  private static void assertSwitched(Answer answer, long id, String name) {
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    assertThat(answer.body().propertyNames()).containsExactly("message", "persona");
    assertThat(message(answer)).isEqualTo("Switched to " + name);
    JsonNode persona = answer.body().path("persona");
    assertThat(persona.propertyNames()).containsExactly("id", "name", "display_name", "avatar");
    assertThat(persona.path("id").asLong()).isEqualTo(id);
    assertThat(persona.path("name").asString()).isEqualTo(name);
  }
}
