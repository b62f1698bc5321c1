package io.mybella.persona.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

class LegacyContractIT extends PersonaServiceTest {

  private static final String CREATE = "/api/personas/create";
  private static final String AVAILABLE = "/api/personas/available";

  /** The kinds of body that front ends send. */
  enum Body {
    JSON {
      @Override
      Answer send(PersonaApi user, HttpMethod method, String path, Map<String, String> fields) {
        return HttpMethod.POST.equals(method)
            ? user.postJson(path, fields)
            : user.putJson(path, fields);
      }
    },
    MULTIPART {
      @Override
      Answer send(PersonaApi user, HttpMethod method, String path, Map<String, String> fields) {
        return user.multipart(method, path, fields);
      }
    },
    URLENCODED {
      @Override
      Answer send(PersonaApi user, HttpMethod method, String path, Map<String, String> fields) {
        return user.form(method, path, fields);
      }
    };

    abstract Answer send(
        PersonaApi user, HttpMethod method, String path, Map<String, String> fields);
  }

  @Test
  void whoeverIsNewHasTheSixBuiltInPersonasAndIsabellaIsCurrent() {
    JsonNode personas = newUser().get(AVAILABLE).json();

    assertThat(personas.valueStream().map(p -> p.get("name").asString()))
        .containsExactly("Isabella", "Alex", "Maya", "Luna", "Sam", "Ethan");
    assertThat(personas.valueStream().map(p -> p.get("id").asLong()))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(personas.valueStream().map(p -> p.get("is_current").asBoolean()))
        .containsExactly(true, false, false, false, false, false);
    JsonNode isabella = personas.get(0);
    assertThat(isabella.propertyNames())
        .containsExactly(
            "id",
            "name",
            "display_name",
            "description",
            "avatar",
            "avatar_url",
            "personality_traits",
            "communication_style",
            "tagline",
            "voice_id",
            "has_custom_voice",
            "is_custom",
            "is_current");
    assertThat(isabella.get("communication_style").asString()).isEqualTo("nurturing");
    assertThat(isabella.get("voice_id").asString()).isEqualTo("EXAVITQu4vr4xnSDxMaL");
    assertThat(isabella.get("avatar_url").asString()).isEqualTo("/api/personas/1/avatar?v=1");
    assertThat(isabella.get("is_custom").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aPersonaIsCreatedFromABodyOfAnyKind(Body body) {
    PersonaApi user = newUser();

    Answer answer =
        body.send(
            user,
            HttpMethod.POST,
            CREATE,
            Map.of(
                "name", "  Coach Sam ",
                "description", "Läuft mit dir — bei jedem Wetter 🏃",
                "personality_traits", "Fit, loud",
                "communication_style", "direct",
                "tagline", "Go!",
                "voice_id", "pNInz6obpgDQGcFmaJgB"));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().get("message").asString())
        .isEqualTo("Custom persona created successfully!");
    JsonNode persona = answer.json().get("persona");
    assertThat(persona.propertyNames())
        .containsExactly("id", "name", "display_name", "description", "avatar", "voice_id");
    assertThat(persona.get("name").asString()).isEqualTo("Coach Sam");
    assertThat(persona.get("display_name").asString()).isEqualTo("Coach Sam");
    assertThat(persona.get("avatar").isNull()).isTrue();
    JsonNode listed = user.get(AVAILABLE).json().get(6);
    assertThat(listed.get("id")).isEqualTo(persona.get("id"));
    assertThat(listed.get("description").asString())
        .isEqualTo("Läuft mit dir — bei jedem Wetter 🏃");
    assertThat(listed.get("personality_traits").asString()).isEqualTo("Fit, loud");
    assertThat(listed.get("communication_style").asString()).isEqualTo("direct");
    assertThat(listed.get("tagline").asString()).isEqualTo("Go!");
    assertThat(listed.get("voice_id").asString()).isEqualTo("pNInz6obpgDQGcFmaJgB");
    assertThat(listed.get("is_custom").asBoolean()).isTrue();
    assertThat(listed.get("is_current").asBoolean()).isFalse();
    assertThat(listed.get("avatar_url").isNull()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aPersonaNeedsAName(Body body) {
    PersonaApi user = newUser();
    for (String name : List.of("", "   ")) {
      assertBadRequest(
          body.send(user, HttpMethod.POST, CREATE, Map.of("name", name)),
          "Persona name is required");
    }
    assertBadRequest(
        body.send(user, HttpMethod.POST, CREATE, Map.of("tagline", "nameless")),
        "Persona name is required");
  }

  @ParameterizedTest
  @EnumSource
  void aNameThatTheUserHasIsTakenInWhateverCase(Body body) {
    PersonaApi user = newUser();
    user.create("Coach Sam");

    for (String name : List.of("Coach Sam", "coach sam", " COACH SAM ")) {
      assertBadRequest(
          body.send(user, HttpMethod.POST, CREATE, Map.of("name", name)),
          "You already have a persona with this name");
    }
  }

  @Test
  void namesAreUniquePerOwnerOnly() {
    newUser().create("Coach Sam");
    PersonaApi other = newUser();

    assertThat(other.create("Coach Sam")).isPositive();
    assertThat(other.create("Isabella")).isPositive();
  }

  @Test
  void theNameOfADeletedPersonaIsFreeAgain() {
    PersonaApi user = newUser();
    long id = user.create("Coach Sam");
    user.delete("/api/personas/" + id);

    assertThat(user.create("Coach Sam")).isGreaterThan(id);
  }

  @Test
  void ofParallelCreationsWithOneNameOneWins() throws Exception {
    PersonaApi user = newUser();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> creation =
          () -> {
            Answer answer = user.postJson(CREATE, Map.of("name", "Twin"));
            assertThat(answer.status() == 201 ? "" : answer.error())
                .isIn("", "You already have a persona with this name");
            return answer.status();
          };
      List<Integer> statuses =
          threads.invokeAll(IntStream.range(0, 12).mapToObj(i -> creation).toList()).stream()
              .map(Future::resultNow)
              .toList();

      assertThat(statuses).containsOnlyOnce(201);
      assertThat(new HashSet<>(statuses)).isEqualTo(Set.of(201, 400));
    }
  }

  static Stream<Map<String, String>> tooLong() {
    return Stream.of(
        Map.of("name", "x".repeat(51)),
        Map.of("name", "x", "display_name", "x".repeat(101)),
        Map.of("name", "x", "description", "x".repeat(5_001)),
        Map.of("name", "x", "personality_traits", "x".repeat(2_001)),
        Map.of("name", "x", "communication_style", "x".repeat(51)),
        Map.of("name", "x", "tagline", "x".repeat(151)),
        Map.of("name", "x", "voice_id", "no id"));
  }

  @ParameterizedTest
  @MethodSource("tooLong")
  void whatIsTooLongOrNoIdIsRefused(Map<String, String> fields) {
    PersonaApi user = newUser();
    for (Body body : Body.values()) {
      Answer answer = body.send(user, HttpMethod.POST, CREATE, fields);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().get("errors")).hasSize(1);
    }
  }

  @Test
  void theLongestTextsAreTaken() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("name", "ü".repeat(50));
    fields.put("display_name", "😀".repeat(100));
    fields.put("description", "語".repeat(5_000));
    fields.put("personality_traits", "x".repeat(2_000));
    fields.put("communication_style", "x".repeat(50));
    fields.put("tagline", "x".repeat(150));
    for (Body body : Body.values()) {
      PersonaApi user = newUser();
      assertThat(body.send(user, HttpMethod.POST, CREATE, fields).status()).isEqualTo(201);
      JsonNode persona = user.get(AVAILABLE).json().get(6);
      fields.forEach((field, text) -> assertThat(persona.get(field).asString()).isEqualTo(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"a\\u0000b\"}",
        "{\"name\": \"x\", \"tagline\": \"\\ud800\"}",
        "{\"name\": 5}",
        "{\"name\": [\"a\"]}",
        "{\"name\": {\"a\": 1}}",
        "{\"name\": true}",
        "{\"name\": \"x\", \"description\": 1}",
        "[1, 2]",
        "\"text\"",
        "{\"name\": ",
        "not json",
        "{\"name\": null}",
        "null",
        "{}",
        ""
      })
  void whatIsNoProfileIsABadRequest(String json) {
    Answer answer =
        newUser().send(HttpMethod.POST, CREATE, MediaType.APPLICATION_JSON, json, Map.of());

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(answer.error()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/xml", "text/plain", "application/octet-stream"})
  void anotherMediaTypeIsRefused(String type) {
    assertThat(
            newUser()
                .send(HttpMethod.POST, CREATE, MediaType.parseMediaType(type), "x", Map.of())
                .status())
        .isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ω≈ç√∫˜µ≤≥÷",
        "田中さんにあげて下さい",
        "(｡◕ ∀ ◕｡)",
        "👨‍👩‍👧‍👦",
        "הָיְתָה",
        "\u202Etest\u202E",
        "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
        "<script>alert('x')</script>",
        "'; drop table persona; --",
        "%s%n%x ${jndi:ldap://x} {{7*7}}",
        "null",
        "../../etc/passwd"
      })
  void anyTextRoundTripsExactly(String text) {
    for (Body body : Body.values()) {
      PersonaApi user = newUser();
      Answer answer =
          body.send(user, HttpMethod.POST, CREATE, Map.of("name", text, "tagline", text));
      assertThat(answer.status()).isEqualTo(201);
      JsonNode persona = user.get(AVAILABLE).json().get(6);
      assertThat(persona.get("name").asString()).isEqualTo(text);
      assertThat(persona.get("tagline").asString()).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @EnumSource
  void forgedFieldsAreNotObeyed(Body body) {
    PersonaApi user = newUser();
    PersonaApi victim = newUser();
    String victimId = Long.toString(victim.userId());

    Answer created =
        body.send(
            user,
            HttpMethod.POST,
            CREATE,
            Map.of(
                "name", "Mine",
                "id", "2",
                "user_id", victimId,
                "owner", victimId,
                "owner_user_id", victimId,
                "role", "admin",
                "is_custom", "false",
                "is_current", "true"));

    long id = created.json().at("/persona/id").asLong();
    assertThat(id).isGreaterThan(6);
    assertThat(user.get("/api/personas/" + id).json().get("is_custom").asBoolean()).isTrue();
    assertThat(user.currentIds()).containsExactly(1L);
    assertThat(victim.get(AVAILABLE).json()).hasSize(6);
    Answer updated =
        body.send(
            user,
            HttpMethod.PUT,
            "/api/personas/" + id,
            Map.of("owner_user_id", victimId, "version", "99", "is_custom", "false"));
    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.eTag()).isEqualTo("\"1\"");
    assertThat(victim.get("/api/personas/" + id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource
  void aChangeLeavesWhatIsAbsent(Body body) {
    PersonaApi user = newUser();
    long id =
        user.postJson(CREATE, Map.of("name", "Coach", "description", "Runs.", "tagline", "Go!"))
            .json()
            .at("/persona/id")
            .asLong();

    Answer answer =
        body.send(user, HttpMethod.PUT, "/api/personas/" + id, Map.of("tagline", "Rest."));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("message").asString()).isEqualTo("Persona updated successfully");
    JsonNode persona = answer.json().get("persona");
    assertThat(persona.get("tagline").asString()).isEqualTo("Rest.");
    assertThat(persona.get("name").asString()).isEqualTo("Coach");
    assertThat(persona.get("description").asString()).isEqualTo("Runs.");
    assertThat(user.get("/api/personas/" + id).json()).isEqualTo(persona);
    assertThat(answer.eTag()).isEqualTo("\"2\"");
  }

  @ParameterizedTest
  @EnumSource
  void aChangeKeepsTheRulesOfACreation(Body body) {
    PersonaApi user = newUser();
    user.create("Taken");
    String path = "/api/personas/" + user.create("Coach");

    assertBadRequest(
        body.send(user, HttpMethod.PUT, path, Map.of("name", " ")), "Persona name is required");
    assertBadRequest(
        body.send(user, HttpMethod.PUT, path, Map.of("name", "taken")),
        "You already have a persona with this name");
    assertThat(body.send(user, HttpMethod.PUT, path, Map.of("tagline", "x".repeat(151))).status())
        .isEqualTo(400);
    assertThat(body.send(user, HttpMethod.PUT, path, Map.of("name", "COACH")).status())
        .as("another case of its own name")
        .isEqualTo(200);
  }

  @Test
  void aChangeThatIsBasedOnAnOlderVersionIsRefused() {
    PersonaApi user = newUser();
    String path = "/api/personas/" + user.create("Coach");
    String first = user.get(path).eTag();

    Answer second = user.putJson(path, Map.of("tagline", "1"), Map.of("If-Match", first));
    Answer late = user.putJson(path, Map.of("tagline", "2"), Map.of("If-Match", first));
    Answer third = user.putJson(path, Map.of("tagline", "3"), Map.of("If-Match", second.eTag()));

    assertThat(List.of(second.status(), late.status(), third.status()))
        .containsExactly(200, 412, 200);
    assertThat(user.get(path).json().get("tagline").asString()).isEqualTo("3");
  }

  @Test
  void theTagOfAPersonaStaysGoodForIfMatchWhenItIsSwitchedTo() {
    PersonaApi user = newUser();
    long id = user.create("Coach");
    String path = "/api/personas/" + id;
    String before = user.get(path).eTag();
    user.postJson("/api/personas/switch", Map.of("persona_id", id));

    assertThat(user.get(path, Map.of("If-None-Match", before)).status())
        .as("the representation changed")
        .isEqualTo(200);
    assertThat(user.putJson(path, Map.of("tagline", "x"), Map.of("If-Match", before)).status())
        .as("the profile did not")
        .isEqualTo(200);
  }

  @Test
  void parallelChangesAreAllMadeOneAfterTheOther() throws Exception {
    PersonaApi user = newUser();
    String path = "/api/personas/" + user.create("Coach");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var changes =
          IntStream.range(0, 10)
              .<Callable<Integer>>mapToObj(
                  i -> () -> user.putJson(path, Map.of("tagline", "t" + i)).status())
              .toList();
      assertThat(threads.invokeAll(changes)).allMatch(change -> change.resultNow() == 200);
    }
    assertThat(user.get(path).eTag()).isEqualTo("\"11\"");
  }

  @Test
  void systemPersonasAreForAdminsToChange() {
    PersonaApi user = newUser();
    PersonaApi admin = admin();

    Answer forbidden = user.putJson("/api/personas/6", Map.of("tagline", "Mine now"));
    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(forbidden.error()).isEqualTo("You can only edit your own personas");
    assertThat(user.delete("/api/personas/6").status()).isEqualTo(403);
    assertThat(admin.delete("/api/personas/1").status())
        .as("the default persona must stay")
        .isEqualTo(409);

    String before = user.get("/api/personas/6").json().get("tagline").asString();
    assertThat(admin.putJson("/api/personas/6", Map.of("tagline", "Edited")).status())
        .isEqualTo(200);
    assertThat(user.get("/api/personas/6").json().get("tagline").asString()).isEqualTo("Edited");
    admin.putJson("/api/personas/6", Map.of("tagline", before));
  }

  @Test
  void aDeletedPersonaIsGone() {
    PersonaApi user = newUser();
    long id = user.create("Coach");
    String path = "/api/personas/" + id;

    Answer answer = user.delete(path);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames()).containsExactly("message", "erasure_id");
    assertThat(answer.json().get("message").asString()).isEqualTo("Persona deleted successfully");
    assertThat(user.delete(path).status()).isEqualTo(404);
    assertThat(user.get(path).status()).isEqualTo(404);
    assertThat(user.putJson(path, Map.of("tagline", "x")).status()).isEqualTo(404);
    assertThat(user.postJson("/api/personas/switch", Map.of("persona_id", id)).status())
        .isEqualTo(404);
    assertThat(user.get(AVAILABLE).json()).hasSize(6);
  }

  @Test
  void aListThatDidNotChangeIsNotSentAgain() {
    PersonaApi user = newUser();
    Answer first = user.get(AVAILABLE);
    assertThat(first.headers().getCacheControl()).contains("no-cache", "private");

    Answer same = user.get(AVAILABLE, Map.of("If-None-Match", first.eTag()));
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.text()).isEmpty();
    assertThat(same.headers().getCacheControl()).isEqualTo(first.headers().getCacheControl());

    long id = user.create("Coach");
    Answer created = user.get(AVAILABLE, Map.of("If-None-Match", first.eTag()));
    assertThat(created.status()).isEqualTo(200);
    user.postJson("/api/personas/switch", Map.of("persona_id", id));
    Answer switched = user.get(AVAILABLE, Map.of("If-None-Match", created.eTag()));
    assertThat(switched.status()).isEqualTo(200);
    user.putJson("/api/personas/" + id, Map.of("tagline", "x"));
    assertThat(user.get(AVAILABLE, Map.of("If-None-Match", switched.eTag())).status())
        .isEqualTo(200);
  }

  /** The list is written from what is kept of built-in personas, each answer of its own is not. */
  @Test
  void theListShowsEachPersonaAsItIsNow() {
    PersonaApi user = newUser();
    PersonaApi admin = admin();
    long own = user.create("Coach");
    String path = "/api/personas/5";
    String tagline = user.get(path).json().get("tagline").asString();
    assertListIsTrue(user);
    assertListIsTrue(user);
    for (long id : List.of(own, 5L)) {
      user.postJson("/api/personas/switch", Map.of("persona_id", id));
      assertListIsTrue(user);
    }
    admin.putJson(path, Map.of("tagline", "Edited"));
    assertListIsTrue(user);
    admin.putJson(path, Map.of("tagline", tagline));
    assertListIsTrue(user);
    for (boolean voice : List.of(true, false)) {
      database.update("update persona set has_custom_voice = ? where id = 5", voice);
      assertListIsTrue(user);
      assertListIsTrue(newUser());
    }
  }

  private static void assertListIsTrue(PersonaApi user) {
    Answer list = user.get(AVAILABLE);
    assertThat(list.headers().getContentType()).isEqualTo(MediaType.APPLICATION_JSON);
    String each =
        list.json()
            .valueStream()
            .map(persona -> user.get("/api/personas/" + persona.get("id")).text())
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(list.text()).isEqualTo(each);
  }

  @Test
  void theListCanBeHadAsJsonAlone() {
    PersonaApi user = newUser();
    for (String accepted :
        List.of("*/*", "application/*", "text/html, application/json;q=0.5", "")) {
      assertThat(user.get(AVAILABLE, Map.of("Accept", accepted)).status())
          .as(accepted)
          .isEqualTo(200);
    }
    for (String other : List.of("application/xml", "text/html, image/*", "nonsense")) {
      Answer refused = user.get(AVAILABLE, Map.of("Accept", other));
      assertThat(refused.status()).as(other).isEqualTo(406);
      assertThat(refused.headers().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    }
  }

  @Test
  void badIdsAreNeverAFaultOfTheService() {
    PersonaApi user = newUser();
    for (String id : List.of("abc", "-1", "0", "99999999999999999999", "1.5", "%00")) {
      assertThat(user.get("/api/personas/" + id).status()).as(id).isBetween(400, 404);
      assertThat(user.delete("/api/personas/" + id).status()).as(id).isBetween(400, 404);
      assertThat(user.putJson("/api/personas/" + id, Map.of()).status()).as(id).isBetween(400, 404);
    }
  }

  private static void assertBadRequest(Answer answer, String error) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo(error);
    assertThat(answer.json().get("detail").asString()).isEqualTo(error);
  }
}
