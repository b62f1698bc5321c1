package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.contracts.event.Topics;
import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.local.supervisor.Memory;
import io.mybella.operator.OldMyBella;
import io.mybella.operator.OldMyBella.Age;
import io.mybella.operator.QuirkyMyBella;
import io.mybella.system.ApiClient.Answer;
import io.mybella.system.Importer.Result;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An older MyBella moves into the running platform, and its users find what they left there. */
@Isolated("Adds a persona for everybody, and compares all databases")
@ExtendWith(PlatformExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportIT {

  private static final int MESSAGES = Integer.getInteger("import.messages", 3_000);
  private static final int USERS = 5;
  private static final int PERSONAS = 2;

  private Path folder;
  private TestPlatform platform;
  private Importer importer;
  private Path quirky;
  private Result first;

  @BeforeAll
  void moveIn(TestPlatform running, @TempDir Path temporary) throws Exception {
    folder = temporary;
    platform = running;
    importer = new Importer(running, Files.createDirectory(folder.resolve("importer")));
    quirky =
        QuirkyMyBella.create(
            Files.createDirectory(folder.resolve("quirky")),
            Pictures.sunset().buffer,
            Recordings.hum().buffer);
    first = importer.run(quirky);
  }

  /** Others look at the family, which has six members. */
  @AfterAll
  void theAdministratorWhoMovedInDeletesThePersonaOfEverybody() {
    Map<String, String> admin = signIn(QuirkyMyBella.ADMIN);
    assertThat(get(admin, "/api/auth/me").path("role").asString()).isEqualTo("admin");
    long coach = personas(admin).get("Coach Sam").path("id").asLong();
    assertThat(Call.of("DELETE", "/api/personas/" + coach).send(platform.baseUrl(), admin).status())
        .isLessThan(300);
  }

  @Test
  void everyRowOfAFileWithEveryQuirkIsAccountedFor() {
    assertThat(first.status()).isEqualTo(1);
    first.assertAddsUp();
    assertThat(first.counts("users")).containsExactly(8, 8, 0, 0);
    // Isabella is one of the six, and of one conversation nothing was noted.
    assertThat(first.counts("persona_profiles")).containsExactly(7, 5, 1, 1);
    assertThat(first.counts("(names of no persona)")).containsExactly(3, 3, 0, 0);
    assertThat(first.counts("chat_messages")).containsExactly(26, 23, 0, 3);
    assertThat(first.counts("messages")).containsExactly(6, 5, 1, 0);
    assertThat(first.counts("conversation_memories")).containsExactly(4, 2, 1, 1);
    assertThat(first.counts("user_preferences")).containsExactly(4, 2, 0, 2);
    assertThat(first.counts("user_settings")).containsExactly(5, 2, 0, 3);
    assertThat(first.counts("uploads/persona_pics")).containsExactly(4, 1, 0, 3);
    assertThat(first.counts("uploads/voices")).containsExactly(2, 1, 0, 1);
  }

  @Test
  void theSecondTimeNothingChanges() throws Exception {
    Map<String, String> before = settledDump();

    Result second = importer.run(quirky);

    assertThat(Dump.of(platform)).isEqualTo(before);
    second.assertAddsUp();
    for (JsonNode table : first.report().path("tables")) {
      String name = table.path("name").asString();
      List<Integer> counts = first.counts(name);
      assertThat(second.counts(name))
          .as(name)
          .containsExactly(counts.get(0), 0, counts.get(1) + counts.get(2), counts.get(3));
    }
  }

  @Test
  void usersSignInWithTheirOldPasswordAndFindTheirHistoriesInTheirOrder() throws Exception {
    Map<String, String> zoe = signIn(QuirkyMyBella.ZOE);
    Map<String, JsonNode> hers = personas(zoe);
    assertThat(hers)
        .containsKeys("Isabella", "Coach Sam", "Luna")
        .doesNotContainKeys("Wizard", "Old friend");
    long luna = own(zoe, "Luna");
    assertThat(history(zoe, luna))
        .containsExactly(
            "user: My name is Zoë and I love sunflowers.",
            "assistant: Hello Zoë!",
            "user: Right at the same time, one.",
            "assistant: Right at the same time, two.",
            "user: Knock knock.",
            "user: Knock knock.");
    assertThat(get(zoe, "/api/personas/current").toString()).contains("\"Luna\"");
    assertThat(history(zoe, hers.get("Coach Sam").path("id").asLong()))
        .containsExactly(
            "user: Coach, I ran five miles.",
            "user: Coach, I ran five miles.",
            "assistant: Coach, I ran five miles.",
            "assistant: Five! Tomorrow six.",
            "assistant: Five! Tomorrow six.");
    assertThat(history(zoe, hers.get("Isabella").path("id").asLong()))
        .containsExactly("user: Good night, Isabella.");
    // Not offered, but nothing of them is lost.
    assertThat(history(zoe, own(zoe, "Old friend")))
        .containsExactly("user: Sleep well, old friend.");
    assertThat(history(zoe, own(zoe, "long gone")))
        .containsExactly("user: Do you remember me?", "assistant: Always.");
    assertThat(history(zoe, own(zoe, "Persona 12")))
        .containsExactly("user: Whose persona is this?");

    Map<String, String> bob = signIn(QuirkyMyBella.BOB);
    assertThat(personas(bob)).containsKey("Wizard");
    assertThat(history(bob, own(bob, "Wizard")))
        .startsWith(
            "user: Abracadabra.",
            "assistant: Simsalabim.",
            "user: When was that?",
            "assistant: Once upon a time.",
            "user: In the future.",
            "assistant: Seconds since 1970.",
            "assistant: Who says that?")
        .endsWith("user: A NUL  in the middle.")
        .hasSize(10);
    assertThat(history(bob, own(bob, "Unknown"))).containsExactly("user: Is anybody there?");

    // The second account of one address, under the address that the report names.
    Map<String, String> again = signIn("imported-5@mybella.invalid");
    assertThat(history(again, personas(again).get("Isabella").path("id").asLong()))
        .containsExactly("user: I have two accounts.");
  }

  @Test
  void whatTheOldAppKnewIsThere() throws Exception {
    Map<String, String> zoe = signIn(QuirkyMyBella.ZOE);
    long luna = own(zoe, "Luna");
    JsonNode messages = get(zoe, "/api/personas/" + luna + "/messages?limit=200").path("messages");
    assertThat(messages.get(1).path("metadata").path("legacy").path("sentiment").asString())
        .isEqualTo("sad");
    assertThat(messages.get(1).path("created_at").asString()).startsWith("2024-01-01T10:00:02.5");
    assertThat(get(zoe, "/api/personas/" + luna + "/memory/preferences").toString())
        .contains("flowers", "favourite", "sunflowers");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(get(zoe, "/api/personas/" + luna + "/memory/conversations").toString())
                    .contains("Zoë told of her sunflowers.", "garden"));
    Map<String, String> bob = signIn(QuirkyMyBella.BOB);
    assertThat(get(bob, "/api/personas/" + own(bob, "Wizard") + "/memory/preferences").toString())
        .contains("drink", "tea");
    // A sample comes along, but nobody has consented here to clone it.
    JsonNode voice =
        get(bob, "/api/personas/" + own(bob, "Wizard") + "/voice").path("custom_voice");
    assertThat(voice.path("status").asString()).isEqualTo("stored");
    assertThat(voice.path("consent").asBoolean(true)).isFalse();
  }

  @Test
  void whoWasInactiveStaysOutside() {
    assertThat(trySignIn(QuirkyMyBella.RITA).status()).isBetween(400, 403);
    assertThat(trySignIn("mo@example.com").status()).isBetween(400, 403);
  }

  @Test
  void listenersFromTheBeginningSeeAConsistentWorld() throws Exception {
    long zoe = get(signIn(QuirkyMyBella.ZOE), "/api/auth/me").path("id").asLong();
    long luna = own(signIn(QuirkyMyBella.ZOE), "Luna");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              List<JsonNode> switches = new ArrayList<>();
              boolean[] created = new boolean[1];
              for (var record :
                  TopicLog.read(platform, Topics.PERSONA_SWITCHED, Topics.PERSONA_LIFECYCLE)) {
                JsonNode data = JsonMapper.shared().readTree(record.value());
                String type = TopicLog.header(record, "ce_type");
                if (type.contains("switched") && data.path("user_id").asLong() == zoe) {
                  switches.add(data);
                }
                created[0] |=
                    type.contains("created")
                        && data.toString().contains("\"Luna\"")
                        && data.toString().contains("" + luna);
              }
              assertThat(switches).hasSize(1);
              assertThat(switches.getFirst().path("reason").asString()).isEqualTo("import");
              assertThat(created[0]).isTrue();
            });
  }

  @Test
  void whatAUserDeletedHereDoesNotComeBack() throws Exception {
    Path file = friends("deleting", 10);
    importer.run(file, "--source", "deleting");
    Map<String, String> friend = signIn("friend1@deleting.example.com");
    long isabella = personas(friend).get("Isabella").path("id").asLong();
    JsonNode message =
        get(friend, "/api/personas/" + isabella + "/messages").path("messages").get(0);
    String forgotten = message.path("content").asString();
    assertThat(
            Call.of(
                    "DELETE",
                    "/api/personas/" + isabella + "/messages/" + message.path("id").asString())
                .send(platform.baseUrl(), friend)
                .status())
        .isLessThan(300);

    Result again = importer.run(file, "--source", "deleting");

    assertThat(again.status()).as("%s", again.report()).isZero();
    assertThat(again.counts("chat_messages")).containsExactly(10, 0, 9, 1);
    assertThat(again.reasons("chat_messages")).contains("deleted here since");
    assertThat(history(friend, isabella)).noneMatch(each -> each.endsWith(forgotten));
  }

  @Test
  void nobodyGetsAHistoryByHavingTheAddressFirst() throws Exception {
    Path file = friends("squatted", 10);
    Account squatter = Account.register(platform, "Squatter");
    try (OldMyBella old = OldMyBella.open(file)) {
      old.execute("UPDATE users SET email = '%s' WHERE id = 1".formatted(squatter.email()));
    }
    long isabella = personas(squatter.session()).get("Isabella").path("id").asLong();

    Result refused = importer.run(file, "--source", "squatted");

    assertThat(refused.status()).isEqualTo(1);
    refused.assertAddsUp();
    assertThat(refused.counts("users").get(3)).isEqualTo(1);
    assertThat(history(squatter.session(), isabella)).isEmpty();

    // Where the operator vouches for it.
    Result attached = importer.run(file, "--source", "squatted", "--same-email=attach");
    assertThat(attached.status()).as("%s", attached.report()).isZero();
    assertThat(history(squatter.session(), isabella)).isNotEmpty();
  }

  /** Short in every build; a million with the profile nightly, or -Dimport.messages=… */
  @Test
  void killedMidwayAndAgainIsTheSame() throws Exception {
    Path file = friends("killed", MESSAGES);
    for (int part = 1; part <= 2; part++) {
      Process process = importer.start(file, "--source", "killed");
      long enough = (long) MESSAGES * part / 4;
      await()
          .atMost(Duration.ofMinutes(30))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !process.isAlive() || stored("killed") >= enough);
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    long before = stored("killed");

    Result last = importer.run(file, "--source", "killed");

    assertThat(before).isPositive();
    assertThat(last.status()).as("%s", last.report()).isZero();
    last.assertAddsUp();
    assertThat(last.counts("chat_messages").get(2)).isGreaterThanOrEqualTo((int) before);
    assertThat(stored("killed")).isEqualTo(MESSAGES);
    try (OldMyBella old = OldMyBella.open(file)) {
      for (int user = 1; user <= USERS; user++) {
        Map<String, String> friend = signIn("friend" + user + "@killed.example.com");
        for (int persona = 1; persona <= PERSONAS; persona++) {
          long here = personas(friend).get(persona == 1 ? "Isabella" : "Alex").path("id").asLong();
          assertThat(history(friend, here, 2_000)).isEqualTo(old(old, user, persona, 2_000));
        }
      }
    }
  }

  /** Of one import from its beginning to its end: rows per second, and memory at its most. */
  @Test
  void memoryStaysTheSameWhateverTheFileHas() throws Exception {
    Path file = friends("measured", MESSAGES);
    long began = System.nanoTime();
    Process process = importer.start(file, "--source", "measured");
    long importers = 0;
    long services = 0;
    while (!process.waitFor(250, TimeUnit.MILLISECONDS)) {
      importers = Math.max(importers, Memory.residentOfOne(process.pid()).orElse(0));
      services =
          Math.max(services, Memory.residentOfOne(platform.pid(Service.MEMORY.module())).orElse(0));
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "Imported %,d messages in %.1f s, %,.0f a second; at most %d MiB of the importer, %d MiB of"
            + " memory-service%n%s%n",
        MESSAGES,
        seconds,
        MESSAGES / seconds,
        importers >> 20,
        services >> 20,
        importer.progress());
    assertThat(process.exitValue()).isZero();
    assertThat(stored("measured")).isEqualTo(MESSAGES);
    // A heap of 96 MiB and what the JVM, SQLite and its threads need besides.
    assertThat(importers >> 20).isLessThan(300);
  }

  /** A file of users who talk to two of the six. */
  private Path friends(String name, int messages) throws SQLException, IOException {
    Path file = Files.createDirectories(folder.resolve(name)).resolve("mybella.db");
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.connection().setAutoCommit(false);
      for (int i = 1; i <= USERS; i++) {
        old.insert(
            "users",
            "id",
            i,
            "name",
            "Friend " + i,
            "email",
            "friend%d@%s.example.com".formatted(i, name),
            "password_hash",
            QuirkyMyBella.PBKDF2);
      }
      old.insert("persona_profiles", "id", 1, "name", "ISABELLA");
      old.insert("persona_profiles", "id", 2, "name", "Alex");
      old.insertMany(messages, USERS, PERSONAS);
      old.connection().commit();
    }
    return file;
  }

  private static List<String> old(OldMyBella old, int user, int persona, int most)
      throws SQLException {
    List<String> said = new ArrayList<>();
    try (PreparedStatement query =
        old.connection()
            .prepareStatement(
                """
                SELECT replace(role, 'bot', 'assistant') || ': ' || content FROM chat_messages
                WHERE user_id = ? AND persona_id = ? ORDER BY timestamp, id LIMIT ?
                """)) {
      query.setInt(1, user);
      query.setInt(2, persona);
      query.setInt(3, most);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          said.add(rows.getString(1));
        }
      }
    }
    return said;
  }

  /** How many messages of a source memory-service has. */
  private long stored(String source) throws SQLException {
    try (Connection database = platform.superuser(Service.MEMORY);
        PreparedStatement query =
            database.prepareStatement(
                "select count(*) from chat_message where client_message_id like ? || ':%'")) {
      query.setString(1, source);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** When nothing changes any more: events are told, conversations are understood. */
  private Map<String, String> settledDump() {
    List<Map<String, String>> dumps = new ArrayList<>();
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(3))
        .until(
            () -> {
              dumps.add(Dump.of(platform));
              int last = dumps.size() - 1;
              return last > 1
                  && dumps.get(last).equals(dumps.get(last - 1))
                  && dumps.get(last).equals(dumps.get(last - 2));
            });
    return dumps.getLast();
  }

  private Answer trySignIn(String email) {
    return Call.of("POST", "/api/auth/login")
        .json(Map.of("email", email, "password", QuirkyMyBella.PASSWORD))
        .send(platform.baseUrl(), Account.visitor());
  }

  private Map<String, String> signIn(String email) {
    Answer answer = trySignIn(email);
    assertThat(answer.status()).as("%s: %s", email, answer.body()).isEqualTo(200);
    return Account.sessionOf(answer);
  }

  private JsonNode get(Map<String, String> session, String path) {
    Answer answer = Call.of("GET", path).send(platform.baseUrl(), session);
    assertThat(answer.status()).as("%s: %s", path, answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** What is offered, by name. */
  private Map<String, JsonNode> personas(Map<String, String> session) {
    Map<String, JsonNode> personas = new LinkedHashMap<>();
    get(session, "/api/personas/available")
        .forEach(each -> personas.put(each.path("name").asString(), each));
    return personas;
  }

  /** The id of a persona of one's own, whether it is offered or not. */
  private long own(Map<String, String> session, String name) throws SQLException {
    try (Connection database = platform.superuser(Service.PERSONA);
        PreparedStatement query =
            database.prepareStatement(
                "select id from persona where owner_user_id = ? and name = ?")) {
      query.setLong(1, get(session, "/api/auth/me").path("id").asLong());
      query.setString(2, name);
      try (ResultSet row = query.executeQuery()) {
        assertThat(row.next()).as(name).isTrue();
        return row.getLong(1);
      }
    }
  }

  private List<String> history(Map<String, String> session, long persona) {
    return history(session, persona, Integer.MAX_VALUE);
  }

  /** What was said, the oldest first. */
  private List<String> history(Map<String, String> session, long persona, int most) {
    List<String> said = new ArrayList<>();
    String after = "";
    while (said.size() < most) {
      JsonNode page =
          get(
              session,
              "/api/personas/%d/messages?limit=200&after=%s"
                  .formatted(persona, URLEncoder.encode(after, UTF_8)));
      for (JsonNode each : page.path("messages")) {
        said.add(each.path("role").asString() + ": " + each.path("content").asString());
      }
      if (page.path("messages").isEmpty() || page.path("next_after").isNull()) {
        break;
      }
      after = page.path("next_after").asString();
    }
    return said.subList(0, Math.min(most, said.size()));
  }
}
