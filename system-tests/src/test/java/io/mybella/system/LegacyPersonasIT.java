package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * What a front end of the original MyBella asks for at {@code /api/personas}, at the public door:
 * with a session cookie, JSON or a form, exact names, statuses and messages.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class LegacyPersonasIT {

  private static final String AVAILABLE = "/api/personas/available";
  private static final Call CREATE = Call.of("POST", "/api/personas/create");

  /** The longest text of each field. */
  private static final Map<String, Integer> LIMITS =
      Map.of(
          "name", 50,
          "display_name", 100,
          "description", 5_000,
          "personality_traits", 2_000,
          "communication_style", 50,
          "tagline", 150);

  private static final String[] PERSONA = {
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
    "is_current"
  };

  @Test
  void availableListsBuiltInThenOwnPersonasByIdAndOneIsCurrent(TestPlatform platform) {
    Account user = Account.register(platform, "User");
    long first = user.persona("Zoe");
    long second = user.persona("Abel");

    Answer listed =
        Call.of("GET", AVAILABLE).send(platform.baseUrl(), with(user.session(), "Accept", "*/*"));

    assertThat(listed.status()).isEqualTo(200);
    assertThat(listed.raw().headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(listed.body())
        .extracting(each -> each.path("id").asLong())
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, first, second);
    assertThat(listed.body())
        .extracting(each -> each.path("is_custom").asBoolean())
        .containsExactly(false, false, false, false, false, false, true, true);
    assertThat(listed.body())
        .allSatisfy(each -> assertThat(each.propertyNames()).containsExactly(PERSONA));
    assertThat(current(user)).containsExactly("Isabella");
    JsonNode isabella = listed.body().get(0);
    assertThat(isabella.path("avatar").asString()).startsWith("persona_pics/");
    assertThat(isabella.path("avatar_url").asString()).startsWith("/api/personas/1/avatar?v=");
    assertThat(isabella.path("voice_id").asString()).isEqualTo("EXAVITQu4vr4xnSDxMaL");
    assertThat(listed.body().get(6).path("avatar").isNull()).isTrue();
  }

  @Test
  void pollingAvailableCostsNoBodyUntilSomethingChanges(TestPlatform platform) {
    Account user = Account.register(platform, "Poller");
    long own = user.persona("Coach");
    String tag = tag(user.get(AVAILABLE));

    Answer same = poll(user, tag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.raw().body()).isEmpty();
    assertThat(tag(same)).isEqualTo(tag);
    assertThat(poll(user, "\"other\", W/" + tag).status()).isEqualTo(304);

    List<Call> changes =
        List.of(
            CREATE.json(Map.of("name", "Second")),
            Call.of("POST", "/api/personas/switch").json(Map.of("persona_id", own)),
            Call.of("PUT", "/api/personas/" + own).json(Map.of("tagline", "New")),
            Call.of("DELETE", "/api/personas/" + own));
    for (Call change : changes) {
      assertThat(user.call(change).status()).as("%s", change).isBetween(200, 201);
      Answer changed = poll(user, tag);
      assertThat(changed.status()).as("after %s", change).isEqualTo(200);
      tag = tag(changed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void createAnswersWithTheNamesThatFrontEndsRead(FrontEndBody kind, TestPlatform platform) {
    Account user = Account.register(platform, "Maker");

    Answer created =
        user.call(
            kind.fill(
                CREATE,
                Map.of(
                    "name", "  Coach Sam ",
                    "description", "Läuft bei jedem Wetter + 100 % 🏃",
                    "voice_id", "21m00Tcm4TlvDq8ikWAM")),
            201);

    assertThat(created.body().propertyNames()).containsExactly("message", "persona");
    assertThat(message(created)).isEqualTo("Custom persona created successfully!");
    JsonNode persona = created.body().path("persona");
    assertThat(persona.propertyNames())
        .containsExactly("id", "name", "display_name", "description", "avatar", "voice_id");
    assertThat(persona.path("id").isNumber()).isTrue();
    assertThat(persona.path("name").asString()).isEqualTo("Coach Sam");
    assertThat(persona.path("display_name").asString()).isEqualTo("Coach Sam");
    assertThat(persona.path("description").asString())
        .isEqualTo("Läuft bei jedem Wetter + 100 % 🏃");
    assertThat(persona.path("avatar").isNull()).isTrue();
    assertThat(persona.path("voice_id").asString()).isEqualTo("21m00Tcm4TlvDq8ikWAM");
    assertThat(created.raw().headers().firstValue("Location"))
        .hasValue("/api/personas/" + persona.path("id").asLong());
  }

  @ParameterizedTest
  @EnumSource
  void aNameIsRequiredAndUniqueForItsOwnerOnly(FrontEndBody kind, TestPlatform platform) {
    Account user = Account.register(platform, "Namer");
    Account neighbour = Account.register(platform, "Neighbour");

    for (Map<String, String> nameless :
        List.of(Map.of("tagline", "x"), Map.of("name", ""), Map.of("name", " \t "))) {
      assertRefused(user.call(kind.fill(CREATE, nameless)), 400, "Persona name is required");
    }
    user.call(kind.fill(CREATE, Map.of("name", "Coach Sam")), 201);
    for (String taken : List.of("Coach Sam", "coach sam", "  COACH SAM ")) {
      assertRefused(
          user.call(kind.fill(CREATE, Map.of("name", taken))),
          400,
          "You already have a persona with this name");
    }
    neighbour.call(kind.fill(CREATE, Map.of("name", "Coach Sam")), 201);
    user.call(kind.fill(CREATE, Map.of("name", "Isabella")), 201);
    assertThat(user.get(AVAILABLE).body()).hasSize(8);
  }

  @ParameterizedTest
  @EnumSource
  void everyFieldTakesItsLongestTextAndNotOneCharacterMore(
      FrontEndBody kind, TestPlatform platform) {
    Account user = Account.register(platform, "Writer");
    Map<String, String> longest = new LinkedHashMap<>();
    LIMITS.forEach((field, limit) -> longest.put(field, "ü".repeat(limit)));

    Answer created = user.call(kind.fill(CREATE, longest), 201);

    String path = "/api/personas/" + created.body().at("/persona/id").asLong();
    JsonNode stored = user.get(path).body();
    longest.forEach((field, text) -> assertThat(stored.path(field).asString()).isEqualTo(text));
    LIMITS.forEach(
        (field, limit) -> {
          Map<String, String> fields = new LinkedHashMap<>(Map.of("name", "Another"));
          fields.put(field, "ü".repeat(limit + 1));
          for (Call call : List.of(CREATE, Call.of("PUT", path))) {
            Answer refused = user.call(kind.fill(call, fields), 400);
            assertThat(refused.body().path("errors"))
                .as("%s of %s", field, call)
                .extracting(each -> each.path("field").asString())
                .containsExactly(field);
          }
        });
    assertThat(user.get(path).body()).isEqualTo(stored);
    assertThat(user.get(AVAILABLE).body()).hasSize(7);
  }

  @ParameterizedTest
  @EnumSource
  void updateChangesWhatIsThereAndLeavesTheRest(FrontEndBody kind, TestPlatform platform) {
    Account user = Account.register(platform, "Editor");
    user.persona("Taken");
    String path =
        "/api/personas/"
            + user.call(
                    CREATE.json(Map.of("name", "Coach", "description", "Runs", "tagline", "Go!")),
                    201)
                .body()
                .at("/persona/id")
                .asLong();
    Call put = Call.of("PUT", path);

    Answer updated = user.call(kind.fill(put, Map.of("tagline", "Rest.")), 200);

    assertThat(updated.body().propertyNames()).containsExactly("message", "persona");
    assertThat(message(updated)).isEqualTo("Persona updated successfully");
    JsonNode persona = updated.body().path("persona");
    assertThat(persona.path("name").asString()).isEqualTo("Coach");
    assertThat(persona.path("description").asString()).isEqualTo("Runs");
    assertThat(persona.path("tagline").asString()).isEqualTo("Rest.");
    assertThat(user.get(path).body()).isEqualTo(persona);
    assertRefused(
        user.call(kind.fill(put, Map.of("name", "taken"))),
        400,
        "You already have a persona with this name");
    assertRefused(user.call(kind.fill(put, Map.of("name", " "))), 400, "Persona name is required");
    assertRefused(
        user.call(kind.fill(Call.of("PUT", "/api/personas/999999999"), Map.of("tagline", "x"))),
        404,
        "Persona not found");
  }

  @Test
  void aFormBringsAPictureWithItAndAnEmptyFileFieldKeepsIt(TestPlatform platform) {
    Account user = Account.register(platform, "Painter");
    FilePayload nothingChosen = new FilePayload("", "application/octet-stream", new byte[0]);

    JsonNode created =
        user.call(
                CREATE.multipart(Map.of("name", "Sunny"), Map.of("avatar", Pictures.sunset())), 201)
            .body()
            .path("persona");
    assertThat(created.path("avatar").asString()).matches("persona_pics/.+\\.(png|jpg|webp)");
    String path = "/api/personas/" + created.path("id").asLong();
    String url = user.get(path).body().path("avatar_url").asString();

    Answer picture = user.get(url);
    assertThat(picture.status()).isEqualTo(200);
    assertThat(header(picture, "Content-Type")).startsWith("image/");
    assertThat(header(picture, "Cache-Control")).contains("immutable", "private");
    assertThat(header(picture, "X-Content-Type-Options")).isEqualTo("nosniff");
    Answer again =
        Call.of("GET", url)
            .send(platform.baseUrl(), with(user.session(), "If-None-Match", tag(picture)));
    assertThat(again.status()).isEqualTo(304);

    Call put = Call.of("PUT", path);
    user.call(put.multipart(Map.of("tagline", "Warm"), Map.of("avatar", nothingChosen)), 200);
    assertThat(user.get(path).body().path("avatar_url").asString()).isEqualTo(url);
    user.call(put.multipart(Map.of(), Map.of("avatar", Pictures.sunset())), 200);
    assertThat(user.get(path).body().path("avatar_url").asString()).isNotEqualTo(url);
    assertThat(header(user.get(url), "Cache-Control"))
        .as("another version than was asked for")
        .doesNotContain("immutable");
  }

  @Test
  void aBuiltInPersonaIsAnAdministratorsToEdit(TestPlatform platform) throws SQLException {
    Account user = Account.register(platform, "User");
    Account admin = Account.administrator(platform);
    Call edit = Call.of("PUT", "/api/personas/2").json(Map.of("communication_style", "edited"));
    String before = user.get("/api/personas/2").body().path("communication_style").asString();

    assertRefused(user.call(edit), 403, "You can only edit your own personas");
    assertRefused(
        user.call(Call.of("DELETE", "/api/personas/2")),
        403,
        "You can only delete your own personas");
    assertThat(user.get("/api/personas/2").body().path("communication_style").asString())
        .isEqualTo(before);
    try {
      admin.call(edit, 200);
      assertThat(user.get("/api/personas/2").body().path("communication_style").asString())
          .isEqualTo("edited");
    } finally {
      admin.call(
          Call.of("PUT", "/api/personas/2").json(Map.of("communication_style", before)), 200);
    }
  }

  @Test
  void anUpdateOfAnOlderVersionIsRefusedWhenItSaysSo(TestPlatform platform) {
    Account user = Account.register(platform, "Careful");
    String path = "/api/personas/" + user.persona("Coach");
    String first = tag(user.get(path));
    Call put = Call.of("PUT", path);

    Answer second =
        put.json(Map.of("tagline", "1"))
            .send(platform.baseUrl(), with(user.session(), "If-Match", first));
    assertThat(second.status()).isEqualTo(200);
    Answer late =
        put.json(Map.of("tagline", "2"))
            .send(platform.baseUrl(), with(user.session(), "If-Match", first));
    assertRefused(late, 412, "The persona was changed meanwhile");
    assertThat(user.get(path).body().path("tagline").asString()).isEqualTo("1");
    Answer third =
        put.json(Map.of("tagline", "3"))
            .send(platform.baseUrl(), with(user.session(), "If-Match", tag(second)));
    assertThat(third.status()).isEqualTo(200);
  }

  @Test
  void deletingTheActivePersonaMakesTheDefaultOneActive(TestPlatform platform) {
    Account user = Account.register(platform, "Leaver");
    long id = user.persona("Orion");
    String path = "/api/personas/" + id;
    user.call(Call.of("POST", "/api/personas/switch").json(Map.of("persona_id", id)), 200);
    assertThat(current(user)).containsExactly("Orion");

    Answer deleted = user.call(Call.of("DELETE", path), 200);

    assertThat(deleted.body().propertyNames()).containsExactly("message", "erasure_id");
    assertThat(message(deleted)).isEqualTo("Persona deleted successfully");
    assertThat(current(user)).containsExactly("Isabella");
    assertRefused(user.call(Call.of("DELETE", path)), 404, "Persona not found");
    assertRefused(user.get(path), 404, "Persona not found");
    Answer erasure =
        user.get("/api/personas/erasures/" + deleted.body().path("erasure_id").asString());
    assertThat(erasure.body().propertyNames())
        .containsExactly("persona_id", "status", "requested_at", "completed_at", "services");
    assertThat(erasure.body().path("persona_id").asLong()).isEqualTo(id);
    assertThat(user.persona("Orion")).as("the name is free again").isGreaterThan(id);
  }

  private static Answer poll(Account user, String tag) {
    return Call.of("GET", AVAILABLE)
        .send(user.server(), with(user.session(), "If-None-Match", tag));
  }

  private static List<String> current(Account user) {
    List<String> names = new ArrayList<>();
    for (JsonNode each : user.get(AVAILABLE).body()) {
      if (each.path("is_current").asBoolean()) {
        names.add(each.path("name").asString());
      }
    }
    assertThat(user.get("/api/personas/current").body().path("name").asString())
        .isEqualTo(names.getFirst());
    return names;
  }

  static Map<String, String> with(Map<String, String> headers, String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return more;
  }

  static String tag(Answer answer) {
    return header(answer, "ETag");
  }

  static String header(Answer answer, String name) {
    return answer
        .raw()
        .headers()
        .firstValue(name)
        .orElseThrow(() -> new AssertionError("No " + name + " in " + answer.raw().headers()));
  }

  static String message(Answer answer) {
    return answer.body().path("message").asString();
  }

  /** Older front ends show {@code body.error}. */
  static void assertRefused(Answer answer, int status, String error) {
    assertThat(answer.body().path("error").asString("")).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(status);
  }
}
