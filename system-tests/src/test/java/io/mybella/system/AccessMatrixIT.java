package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.TestPlatform;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the running platform for everything that {@code docs/access.md} tells, as everybody. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class AccessMatrixIT {

  /** Differ between any two answers, or only because ids are of different lengths. */
  private static final Set<String> OF_ONE_ANSWER =
      Set.of("date", "x-request-id", "content-length", "ratelimit");

  /** The one every user falls back to; it cannot be deleted. */
  private static final String BUILT_IN = "1";

  /** Whom operations that only read are about. */
  private static Owner owner;

  /** Strangers who only read, or are refused; kept by what proves them, which changes nothing. */
  private static Map<Visitor, Map<String, String>> strangers;

  @BeforeAll
  static void moveIn(TestPlatform platform) throws SQLException {
    owner = new Owner(platform);
    // All at once, and not by one row while another one looks whether the owner has what they had.
    ofOwner().map(Row::operation).filter(Operation::isRead).forEach(owner::thingOf);
    strangers =
        Map.of(
            Visitor.OTHER, stranger(platform, Visitor.OTHER).session(),
            Visitor.ADMIN, stranger(platform, Visitor.ADMIN).session());
  }

  static Stream<Row> ofOwner() {
    return AccessTable.read().ofOwner().stream();
  }

  static Stream<Row> ofBuiltIn() {
    return AccessTable.read().ofBuiltIn().stream();
  }

  @ParameterizedTest
  @MethodSource("ofOwner")
  void everybodyGetsWhatTheTableSays(Row row, TestPlatform platform) throws SQLException {
    SoftAssertions all = new SoftAssertions();
    Scene scene = scene(platform, row);
    List<JsonNode> before = scene.belongings();
    for (Visitor visitor : Visitor.values()) {
      switch (visitor) {
        // Last with this owner: what they still get, nobody has taken before.
        case OWNER -> {
          all.assertThat(scene.belongings()).as("after the others").isEqualTo(before);
          ask(all, row, scene, visitor, scene.owner().proof(visitor));
        }
        case KEY -> {
          Scene another = row.operation().isRead() ? scene : scene(platform, row);
          ask(all, row, another, visitor, another.owner().proof(visitor));
        }
        case ANONYMOUS -> ask(all, row, scene, visitor, Account.visitor());
        case OTHER, ADMIN -> ask(all, row, scene, visitor, proof(platform, row, visitor));
        case EXPIRED, REVOKED, NO_TOKEN ->
            ask(all, row, scene, visitor, scene.owner().proof(visitor));
      }
    }
    all.assertAll();
  }

  /** What the operation may change or end belongs to an owner whom nobody else needs. */
  private static Scene scene(TestPlatform platform, Row row) {
    return row.operation().isRead()
        ? Scene.shared(owner, row.operation())
        : Scene.with(new Owner(platform), row.operation());
  }

  private static Map<String, String> proof(TestPlatform platform, Row row, Visitor visitor)
      throws SQLException {
    return row.isChangedBy(visitor.heading())
        ? stranger(platform, visitor).session()
        : strangers.get(visitor);
  }

  private static Account stranger(TestPlatform platform, Visitor visitor) throws SQLException {
    return visitor == Visitor.ADMIN
        ? Account.administrator(platform)
        : Account.register(platform, "Other");
  }

  private static void ask(
      SoftAssertions all, Row row, Scene scene, Visitor visitor, Map<String, String> proof) {
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
          .doesNotContain(scene.owner().canary());
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
      Row row, TestPlatform platform) throws SQLException {
    Map<String, String> user = proof(platform, row, Visitor.OTHER);
    Map<String, String> admin = proof(platform, row, Visitor.ADMIN);
    Call call = Scene.callFor(row.operation(), BUILT_IN);
    JsonNode before = builtIn(platform, admin);
    try {
      assertThat(call.send(platform.baseUrl(), user).status())
          .as("user")
          .isEqualTo(row.status(Visitor.OTHER.heading()));
      assertThat(builtIn(platform, admin)).isEqualTo(before);
      assertThat(call.send(platform.baseUrl(), admin).status())
          .as("administrator")
          .isEqualTo(row.status(Visitor.ADMIN.heading()));
    } finally {
      Answer restored =
          Call.of("PUT", "/api/personas/" + BUILT_IN)
              .json(Map.of("tagline", before.path("tagline").asString()))
              .send(platform.baseUrl(), admin);
      assertThat(restored.status()).as("restored").isEqualTo(200);
    }
  }

  private static JsonNode builtIn(TestPlatform platform, Map<String, String> proof) {
    return Call.of("GET", "/api/personas/" + BUILT_IN).send(platform.baseUrl(), proof).body();
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
