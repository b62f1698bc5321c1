package io.mybella.persona.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.EventContract;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import io.mybella.persona.testing.Pictures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ImportIT extends PersonaServiceTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Map<String, String> OPERATOR =
      Map.of("Authorization", "Bearer " + TestTokens.OPERATOR);

  /** Rows and ids that no other test has used. */
  private static final AtomicInteger NUMBERS = new AtomicInteger(500_000);

  private final String source = "file-" + NUMBERS.incrementAndGet();

  @Test
  void aPersonaKeepsItsIdAndIsToldAsAnyNewOne() {
    PersonaApi user = newUser();
    int id = NUMBERS.incrementAndGet();
    var row = row(id, user, "Coach Sam");
    row.put("tagline", "Go!");
    row.put("created_at", "2021-03-04T05:06:07.123456Z");

    JsonNode first = one(personas(row));
    JsonNode again = one(personas(row));

    assertThat(first.get("outcome").asString()).isEqualTo("imported");
    assertThat(first.get("id").asLong()).isEqualTo(id);
    assertThat(first.has("reason")).isFalse();
    assertThat(again.get("outcome").asString()).isEqualTo("present");
    assertThat(again.get("id").asLong()).isEqualTo(id);
    JsonNode seen = user.get("/api/personas/" + id).json();
    assertThat(seen.get("display_name").asString()).isEqualTo("Coach Sam");
    assertThat(seen.get("tagline").asString()).isEqualTo("Go!");
    assertThat(
            database.queryForObject(
                "select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
                    + " from persona where id = ?",
                String.class,
                id))
        .isEqualTo("2021-03-04 05:06:07.123456");
    user.putJson("/api/personas/" + id, Map.of("tagline", "Later"));
    try (KafkaProbe probe = probe(Topics.PERSONA_LIFECYCLE)) {
      List<ConsumerRecord<String, byte[]>> life = probe.await(of(id), 2, SOON);
      assertThat(life.stream().map(record -> KafkaProbe.header(record, "ce_type")))
          .containsExactly(EventTypes.PERSONA_CREATED, EventTypes.PERSONA_UPDATED);
      JsonNode created = EventContract.valid(life.getFirst());
      assertThat(created.get("owner_user_id").asLong()).isEqualTo(user.userId());
      assertThat(created.get("version").asLong()).isEqualTo(1);
      assertThat(created.get("is_active").asBoolean()).isTrue();
    }
  }

  @Test
  void aSystemPersonaIsTheBuiltInOneOfItsNameElseANewOneForEverybody() {
    var luna = row(1, null, " ＬＵＮＡ ");
    var nova = row(2, null, "Nova");

    JsonNode results = personas(luna, nova);
    JsonNode again = personas(luna, nova);
    long id = results.get(1).get("id").asLong();
    try {
      assertThat(results.get(0).get("outcome").asString()).isEqualTo("present");
      assertThat(results.get(0).get("id").asLong()).isEqualTo(4);
      assertThat(results.get(1).get("outcome").asString()).isEqualTo("imported");
      assertThat(id).as("2 is Alex").isGreaterThanOrEqualTo(1_000_000);
      assertThat(results.get(1).get("reason").asString()).contains("another id");
      assertThat(again.get(1).get("id").asLong()).isEqualTo(id);
      JsonNode seen = newUser().get("/api/personas/" + id).json();
      assertThat(seen.get("is_custom").asBoolean()).isFalse();
      assertThat(newUser().get("/api/personas/4").json().get("tagline").asString())
          .as("built-in ones stay as they are")
          .startsWith("Somewhere between");
    } finally {
      assertThat(admin().delete("/api/personas/" + id).status()).isEqualTo(200);
    }
    assertThat(personas(nova).get(0).get("outcome").asString()).isEqualTo("skipped");
  }

  @Test
  void whatDoesNotFitIsChangedAndTheReasonSaysWhat() {
    PersonaApi user = newUser();
    user.create("Coach (2)");
    user.create("coach");
    var row = row(2_000_000, user, "COACH");
    row.put("description", "x".repeat(5_001));
    row.put("voice_id", "../etc/passwd");
    row.put("tagline", "nul \u0000 in it");
    var nameless = row(NUMBERS.incrementAndGet(), user, "\u200b");
    nameless.put("display_name", "x".repeat(90));
    var longNamed = row(NUMBERS.incrementAndGet(), user, "👩🏽‍🚀".repeat(13));

    JsonNode results = personas(row, nameless, longNamed);

    String reason = results.get(0).get("reason").asString();
    assertThat(reason)
        .contains("another id", "another name", "description was", "voice_id was", "tagline was")
        .doesNotContain("COACH", "xxx", "passwd");
    JsonNode seen = user.get("/api/personas/" + results.get(0).get("id").asLong()).json();
    assertThat(seen.get("name").asString()).isEqualTo("COACH (3)");
    assertThat(seen.get("display_name").asString()).isEqualTo("COACH");
    assertThat(seen.get("description").asString()).hasSize(5_000);
    assertThat(seen.get("voice_id").isNull()).isTrue();
    assertThat(seen.get("tagline").asString()).isEqualTo("nul  in it");
    assertThat(results.get(1).get("reason").asString()).contains("name was");
    assertThat(
            user.get("/api/personas/" + results.get(1).get("id").asLong())
                .json()
                .get("name")
                .asString())
        .isEqualTo("Persona");
    String cut =
        user.get("/api/personas/" + results.get(2).get("id").asLong())
            .json()
            .get("name")
            .asString();
    assertThat(cut.codePointCount(0, cut.length())).isEqualTo(50);
  }

  @Test
  void whatItsUserHasDeletedDoesNotComeBack() {
    PersonaApi user = newUser();
    var row = row(NUMBERS.incrementAndGet(), user, "Coach");
    long id = one(personas(row)).get("id").asLong();
    user.delete("/api/personas/" + id);

    JsonNode again = one(personas(row));

    assertThat(again.get("outcome").asString()).isEqualTo("skipped");
    assertThat(again.get("reason").asString()).isEqualTo("deleted here since it was imported");
    assertThat(user.get("/api/personas/" + id).status()).isEqualTo(404);
  }

  @Test
  void whoseAccountIsGoneGetsNothing() {
    PersonaApi gone = newUser();
    PersonaApi other = newUser();
    erase(gone);

    JsonNode results =
        personas(
            row(NUMBERS.incrementAndGet(), gone, "Coach"),
            row(NUMBERS.incrementAndGet(), other, "Coach"));
    JsonNode choice = current(Map.of("key", "a:1", "user_id", gone.userId(), "persona_id", 2));

    assertThat(results.get(0).get("outcome").asString()).isEqualTo("skipped");
    assertThat(results.get(0).get("reason").asString())
        .startsWith("deleted here since")
        .contains("account");
    assertThat(results.get(1).get("outcome").asString()).isEqualTo("imported");
    assertThat(one(choice).get("reason").asString()).startsWith("deleted here since");
  }

  @Test
  void aPersonaThatIsNotOfferedIsThereForItsOwner() {
    PersonaApi user = newUser();
    var row = row(NUMBERS.incrementAndGet(), user, "Old friend");
    row.put("active", false);

    JsonNode result = one(personas(row));
    long id = result.get("id").asLong();
    String path = "/api/personas/" + id;

    assertThat(result.get("reason").asString()).contains("not offered");
    assertThat(user.get("/api/personas/available").json()).hasSize(6);
    assertThat(user.postJson("/api/personas/switch", Map.of("persona_id", id)).status())
        .isEqualTo(404);
    assertThat(user.get(path).status()).isEqualTo(200);
    assertThat(newUser().get(path).status()).isEqualTo(404);
    assertThat(one(current(choice(user, id))).get("outcome").asString()).isEqualTo("skipped");
    user.create("old friend");
    try (KafkaProbe probe = probe(Topics.PERSONA_LIFECYCLE)) {
      JsonNode created = EventContract.valid(probe.await(of(id), SOON).getFirst());
      assertThat(created.get("is_active").asBoolean()).isFalse();
    }
    assertThat(user.delete(path).status()).isEqualTo(200);
  }

  @Test
  void aBuiltInPersonaThatIsNotOfferedIsReadByItsIdAndKeptByAnAdmin() {
    var row = row(NUMBERS.incrementAndGet(), null, "Retired");
    row.put("active", false);
    String path = "/api/personas/" + one(personas(row)).get("id").asLong();
    PersonaApi user = newUser();
    try {
      assertThat(user.get(path).json().get("is_custom").asBoolean()).isFalse();
      assertThat(user.get("/api/personas/available").json()).hasSize(6);
      assertThat(user.putJson(path, Map.of("tagline", "x")).status()).isEqualTo(403);
      assertThat(admin().putJson(path, Map.of("tagline", "At rest")).status()).isEqualTo(200);
      assertThat(user.get(path).json().get("tagline").asString()).isEqualTo("At rest");
    } finally {
      assertThat(admin().delete(path).status()).isEqualTo(200);
    }
  }

  @Test
  void aPictureIsDrawnAnewAndNeverPutInThePlaceOfAnother() {
    PersonaApi user = newUser();
    long id = one(personas(row(NUMBERS.incrementAndGet(), user, "Coach"))).get("id").asLong();
    byte[] picture = Pictures.of("png", 700, 300);

    JsonNode junk =
        one(picture(id, "GIF89a no picture".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    JsonNode first = one(picture(id, picture));
    String address = user.get("/api/personas/" + id).json().get("avatar_url").asString();
    JsonNode second = one(picture(id, Pictures.of("png", 20, 20)));
    JsonNode other = one(picture(id, "persona_pics:another", Pictures.of("png", 20, 20)));

    assertThat(junk.get("outcome").asString()).isEqualTo("skipped");
    assertThat(junk.get("reason").asString()).isNotBlank();
    assertThat(first.get("outcome").asString()).isEqualTo("imported");
    assertThat(second.get("outcome").asString()).isEqualTo("present");
    assertThat(second.has("reason")).isFalse();
    assertThat(other.get("reason").asString()).contains("picture already");
    assertThat(user.bytes(address)).isNotEmpty().isNotEqualTo(picture);
    assertThat(user.get("/api/personas/" + id).json().get("avatar_url").asString())
        .isEqualTo(address);
    assertThat(one(picture(1, picture)).get("reason").asString())
        .isEqualTo("a built-in persona keeps its picture");
    assertThat(one(picture(user.create("Own"), picture)).get("outcome").asString())
        .isEqualTo("skipped");
    assertThat(picture(id, new byte[6 * 1024 * 1024 + 1]).get("status").asInt()).isEqualTo(413);
    assertThat(picture(id, "persona_pics=1", picture).get("status").asInt()).isEqualTo(400);
    user.delete("/api/personas/" + id);
    assertThat(one(picture(id, picture)).get("reason").asString()).startsWith("deleted here since");
  }

  @Test
  void whoHasChosenNothingHereHasWhatWasChosenThere() {
    PersonaApi user = newUser();
    PersonaApi decided = newUser();
    PersonaApi contented = newUser();
    long id = one(personas(row(NUMBERS.incrementAndGet(), user, "Coach"))).get("id").asLong();
    decided.postJson("/api/personas/switch", Map.of("persona_id", 3));

    var choices =
        List.of(choice(user, id), choice(decided, 2), choice(contented, 1), choice(newUser(), id));
    JsonNode results = currentOf(choices);
    JsonNode again = currentOf(choices);

    assertThat(outcomes(results)).containsExactly("imported", "present", "imported", "skipped");
    assertThat(outcomes(again)).containsExactly("present", "present", "present", "skipped");
    assertThat(user.currentIds()).containsExactly(id);
    assertThat(decided.currentIds()).containsExactly(3L);
    user.postJson("/api/personas/switch", Map.of("persona_id", 5));
    try (KafkaProbe probe = probe(Topics.PERSONA_SWITCHED)) {
      List<JsonNode> told =
          probe.await(of(user.userId()), 2, SOON).stream().map(EventContract::valid).toList();
      assertThat(told.get(0).get("reason").asString()).isEqualTo("import");
      assertThat(told.get(0).get("persona_id").asLong()).isEqualTo(id);
      assertThat(told.get(0).get("previous_persona_id").isNull()).isTrue();
      assertThat(told.get(1).get("reason").asString()).isEqualTo("user");
      assertThat(told.get(1).get("version").asLong()).isEqualTo(2);
      assertThat(probe.all().stream().filter(of(contented.userId())))
          .as("the default persona was active already")
          .isEmpty();
    }
  }

  @Test
  void twoImportsAtOnceAreOne() throws Exception {
    PersonaApi user = newUser();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(row(NUMBERS.incrementAndGet(), user, "Coach " + i / 2));
    }
    Callable<JsonNode> run = () -> personasOf(rows);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<List<Long>> ids =
          threads.invokeAll(List.of(run, run, run)).stream()
              .map(Future::resultNow)
              .map(results -> results.valueStream().map(each -> each.get("id").asLong()).toList())
              .toList();
      assertThat(ids.get(0)).doesNotHaveDuplicates().isEqualTo(ids.get(1)).isEqualTo(ids.get(2));
    }
    assertThat(user.get("/api/personas/available").json()).hasSize(46);
  }

  @Test
  void whatCannotBeReadIsRefusedAndNothingOfItStays() {
    PersonaApi user = newUser();
    var good = row(NUMBERS.incrementAndGet(), user, "Coach");
    var badKey = row(NUMBERS.incrementAndGet(), user, "Other");
    badKey.put("key", "users: somebody");
    var badOwner = row(NUMBERS.incrementAndGet(), user, "Other");
    badOwner.put("owner_user_id", -1);
    List<Map<String, @Nullable Object>> many = new ArrayList<>();
    for (int i = 0; i < 501; i++) {
      many.add(row(NUMBERS.incrementAndGet(), user, "Many"));
    }
    for (Object body :
        List.of(
            "{}",
            "{\"rows\":[]}",
            "{\"rows\":[null]}",
            "{\"rows\":7}",
            "nothing",
            Map.of("source", "Old Bella", "rows", List.of(good)),
            Map.of("rows", List.of(good, good)),
            Map.of("rows", List.of(good, badKey)),
            Map.of("rows", List.of(good, badOwner)),
            Map.of("rows", many))) {
      Answer answer = post("personas", body);
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.error()).isNotBlank();
    }
    good.put("description", "x".repeat(2 * 1024 * 1024));
    assertThat(post("personas", Map.of("rows", List.of(good))).status()).isEqualTo(413);
    assertThat(user.get("/api/personas/available").json()).hasSize(6);
    var twice =
        List.of(
            Map.of("key", "a:1", "user_id", user.userId(), "persona_id", 2),
            Map.of("key", "a:2", "user_id", user.userId(), "persona_id", 3));
    assertThat(post("current", Map.of("rows", twice)).status()).isEqualTo(400);
    assertThat(user.currentIds()).containsExactly(1L);
  }

  @Test
  void nobodyButTheOperatorImports() {
    PersonaApi user = newUser();
    var body = Map.of("rows", List.of(row(NUMBERS.incrementAndGet(), user, "Coach")));
    for (PersonaApi other : List.of(user, admin(), anonymous())) {
      assertThat(other.postJson("/internal/import/personas", body).status()).isEqualTo(401);
    }
    var forwarded = new HashMap<>(OPERATOR);
    forwarded.put("X-Forwarded-For", "192.0.2.1");
    assertThat(
            anonymous()
                .send(
                    HttpMethod.POST,
                    "/internal/import/personas",
                    MediaType.APPLICATION_JSON,
                    JsonMapper.shared().writeValueAsString(body),
                    forwarded)
                .status())
        .isEqualTo(404);
    assertThat(user.get("/api/personas/available").json()).hasSize(6);
  }

  private void erase(PersonaApi user) {
    database.update(
        "insert into erased_account (user_id, erasure_id, deleted_at, erased_at)"
            + " values (?, ?, now(), now())",
        user.userId(),
        UUID.randomUUID());
  }

  private static Map<String, @Nullable Object> row(
      long oldId, @Nullable PersonaApi owner, String name) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("key", "persona_profiles:" + oldId);
    row.put("old_id", oldId);
    row.put("owner_user_id", owner == null ? null : owner.userId());
    row.put("name", name);
    row.put("display_name", name);
    row.put("active", true);
    return row;
  }

  private static Map<String, @Nullable Object> choice(PersonaApi user, long personaId) {
    return Map.of(
        "key",
        "user_settings:" + user.userId(),
        "user_id",
        user.userId(),
        "persona_id",
        personaId,
        "switched_at",
        "2024-05-06T07:08:09Z");
  }

  private JsonNode personas(Object... rows) {
    return personasOf(List.of(rows));
  }

  private JsonNode personasOf(List<?> rows) {
    return post("personas", Map.of("source", source, "rows", rows)).json().get("results");
  }

  private JsonNode current(Map<String, @Nullable Object> row) {
    return currentOf(List.of(row));
  }

  private JsonNode currentOf(List<?> rows) {
    return post("current", Map.of("rows", rows)).json().get("results");
  }

  /** The results, or the problem. */
  private JsonNode picture(long personaId, byte[] picture) {
    return picture(personaId, "persona_pics:" + personaId, picture);
  }

  private JsonNode picture(long personaId, String key, byte[] picture) {
    JsonNode answer =
        anonymous()
            .send(
                HttpMethod.POST,
                "/internal/import/pictures/%d?source=%s&key=%s".formatted(personaId, source, key),
                MediaType.APPLICATION_OCTET_STREAM,
                picture,
                OPERATOR)
            .json();
    return answer.has("results") ? answer.get("results") : answer;
  }

  private Answer post(String path, Object body) {
    return anonymous()
        .send(
            HttpMethod.POST,
            "/internal/import/" + path,
            MediaType.APPLICATION_JSON,
            body instanceof String text ? text : JsonMapper.shared().writeValueAsString(body),
            OPERATOR);
  }

  private static JsonNode one(JsonNode results) {
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  private static List<String> outcomes(JsonNode results) {
    return results.valueStream().map(each -> each.get("outcome").asString()).toList();
  }

  private static Predicate<ConsumerRecord<String, byte[]>> of(long key) {
    return record -> record.key().equals(Long.toString(key));
  }
}
