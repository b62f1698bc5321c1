package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import io.mybella.system.AccessTable.Row;
import io.mybella.system.ApiClient.Answer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the running platform for everything that {@code docs/access.md} tells, as everybody. */
@ExtendWith(PlatformExtension.class)
class AccessMatrixIT {

  /** Differ between any two answers, or only because ids are of different lengths. */
  private static final Set<String> OF_ONE_ANSWER =
      Set.of("date", "x-request-id", "content-length", "ratelimit");

  /** The one every user falls back to; it cannot be deleted. */
  private static final String BUILT_IN = "1";

  static Stream<Row> ofOwner() {
    return AccessTable.read().ofOwner().stream();
  }

  static Stream<Row> ofBuiltIn() {
    return AccessTable.read().ofBuiltIn().stream();
  }

  @ParameterizedTest
  @MethodSource("ofOwner")
  void everybodyGetsWhatTheTableSays(Row row, LocalPlatform platform) throws SQLException {
    SoftAssertions all = new SoftAssertions();
    Scene scene = new Scene(platform, row.operation());
    List<JsonNode> before = scene.belongings();
    for (Visitor visitor : Visitor.values()) {
      switch (visitor) {
        // Last with this owner: what they still get, nobody has taken before.
        case OWNER -> {
          all.assertThat(scene.belongings()).as("after the others").isEqualTo(before);
          ask(all, row, scene, visitor);
        }
        case KEY -> ask(all, row, new Scene(platform, row.operation()), visitor);
        default -> ask(all, row, scene, visitor);
      }
    }
    all.assertAll();
  }

  private static void ask(SoftAssertions all, Row row, Scene scene, Visitor visitor)
      throws SQLException {
    Map<String, String> proof = scene.proof(visitor);
    Answer answer = scene.send(scene.call(), proof);
    all.assertThat(answer.status())
        .as("%s, %s: %s", row, visitor.heading(), answer.body())
        .isEqualTo(row.status(visitor.heading()));
    if (answer.status() >= 400) {
      all.assertThat(answer.raw().headers().firstValue("Content-Type"))
          .as(visitor.heading())
          .hasValue("application/problem+json");
      all.assertThat(answer.body().path("error").asString("")).as(visitor.heading()).isNotEmpty();
      all.assertThat(answer.body().path("request_id").asString(""))
          .as(visitor.heading())
          .isNotEmpty();
    }
    if (visitor.isStranger()) {
      all.assertThat(new String(answer.raw().body(), StandardCharsets.UTF_8))
          .as(visitor.heading())
          .doesNotContain(scene.canary());
    }
    if (answer.status() == 404) {
      Answer missing = scene.send(scene.callForMissing(), proof);
      all.assertThat(shape(answer))
          .as("%s, %s: same as missing", row, visitor)
          .isEqualTo(shape(missing));
    }
  }

  @ParameterizedTest
  @MethodSource("ofBuiltIn")
  void builtInPersonasAreForEverybodyToUseAndForAdministratorsToChange(
      Row row, LocalPlatform platform) throws SQLException {
    Operation operation = row.operation();
    Account user = Account.register(platform, "User");
    Account admin = Account.administrator(platform);
    Call call = Scene.callFor(operation, BUILT_IN);
    JsonNode before = admin.get("/api/personas/" + BUILT_IN).body();
    try {
      assertThat(user.call(call).status())
          .as("user")
          .isEqualTo(row.status(Visitor.OTHER.heading()));
      assertThat(admin.get("/api/personas/" + BUILT_IN).body()).isEqualTo(before);
      assertThat(admin.call(call).status())
          .as("administrator")
          .isEqualTo(row.status(Visitor.ADMIN.heading()));
    } finally {
      admin.call(
          Call.of("PUT", "/api/personas/" + BUILT_IN)
              .json(Map.of("tagline", before.path("tagline").asString())),
          200);
    }
  }

  /** All that a caller can tell two answers apart by, but for what must differ. */
  private static Map<String, Object> shape(Answer answer) {
    Map<String, Object> shape = new TreeMap<>();
    shape.put("status", answer.status());
    answer
        .raw()
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OF_ONE_ANSWER.contains(name)) {
                shape.put(name, values);
              }
            });
    // The path that the caller asked for, and the id of the request.
    shape.put(
        "body", ((ObjectNode) answer.body().deepCopy()).without(Set.of("instance", "request_id")));
    return shape;
  }
}
