package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.contracts.event.Topics;
import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** What is left of a user in the whole platform when the account was deleted. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class AccountErasureIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * Where the number of an erased user stays for good (docs/decisions/0015 and 0016): at the
   * gateway so that it is never given again, in the services so that nothing is made for it again.
   */
  private static final String[] LEDGERS = {
    "gateway.erasure", "memory.account_tombstone", "persona.erased_account", "voice.erased_account"
  };

  private static final Call FAREWELL =
      Call.of("DELETE", "/api/auth/me").json(Map.of("password", Account.PASSWORD));

  @Test
  void nothingOfTheUserIsLeftInAnyTableOrFileAndNothingOfAnotherIsMissing(TestPlatform platform)
      throws SQLException, IOException {
    giveNumbersThatStandNowhereByChance(platform);
    Resident leaving = Resident.moveIn(platform);
    Resident staying = Resident.moveIn(platform);
    Remains remains = new Remains(platform);
    leaving.assertIsEverywhere(remains);
    staying.assertIsEverywhere(remains);
    Map<String, Set<String>> kept = remains.rows(staying.canary);
    List<JsonNode> seen = staying.belongings();

    JsonNode erasure = erased(platform, leaving.account.call(FAREWELL, 202));
    assertThat(erasure.path("services"))
        .extracting(each -> each.path("service").asString() + " " + each.path("status").asString())
        .containsExactlyInAnyOrder(
            "memory-service complete", "persona-service complete", "voice-service complete");
    assertThat(counted(erasure)).containsEntry("persona", 1L).containsEntry("voice_sample", 1L);

    assertThat(remains.tables(leaving.canary)).as("what the user made").isEmpty();
    assertThat(remains.tables(leaving.account.email())).as("the e-mail address").isEmpty();
    assertThat(remains.files(leaving.canary)).isEmpty();
    assertThat(leaving.files).noneMatch(Files::exists);
    // persona-service forgets the owner when memory and voice have answered for each persona.
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(remains.tables(leaving.number())).containsExactly(LEDGERS));
    assertThat(lastWords(platform)).noneMatch(record -> record.value().contains(leaving.canary));

    assertThat(remains.rows(staying.canary)).isEqualTo(kept);
    assertThat(staying.belongings()).isEqualTo(seen);
    assertThat(staying.files).allMatch(Files::exists);
  }

  @Test
  void noProofIsGoodAnyMoreAndTheAddressIsFree(TestPlatform platform) {
    Account account = Account.register(platform, "Leaving");
    long persona = account.persona("Mine");
    List<Map<String, String>> proofs =
        List.of(account.session(), account.newSession(), account.key());
    for (Map<String, String> proof : proofs) {
      assertThat(askForPersonas(platform, proof).status()).isEqualTo(200);
    }

    erased(platform, account.call(FAREWELL, 202));

    for (Map<String, String> proof : proofs) {
      assertThat(askForPersonas(platform, proof).status()).isEqualTo(401);
      assertThat(Call.of("GET", "/api/auth/me").send(platform.baseUrl(), proof).status())
          .isEqualTo(401);
      assertThat(FAREWELL.send(platform.baseUrl(), proof).status()).isEqualTo(401);
    }
    assertThat(send(platform, "/api/auth/login", account.email(), "").status()).isEqualTo(401);

    Answer again = send(platform, "/api/auth/register", account.email(), "Somebody");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body().path("id").asLong()).isNotEqualTo(account.id());
    Map<String, String> newcomer = Account.sessionOf(again);
    assertThat(askForPersonas(platform, newcomer).body()).hasSize(6);
    assertThat(
            Call.of("GET", "/api/personas/" + persona).send(platform.baseUrl(), newcomer).status())
        .isEqualTo(404);
    assertThat(Call.of("GET", "/api/auth/api-keys").send(platform.baseUrl(), newcomer).body())
        .isEmpty();
  }

  /** A user with something of everything that the platform keeps. */
  private record Resident(
      TestPlatform platform, Account account, String canary, long persona, List<Path> files) {

    private static final String BUILT_IN = "/api/personas/1";

    static Resident moveIn(TestPlatform platform) {
      String canary = "canary" + UUID.randomUUID().toString().substring(24);
      Account account = Account.register(platform, canary);
      account.newSession();
      account.newKey(canary);
      long persona = furnished(account, canary);
      String path = "/api/personas/" + persona;
      account.call(
          Call.of("POST", "/api/personas/switch").json(Map.of("persona_id", persona)), 200);
      talk(account, path, canary);
      talk(account, BUILT_IN, canary);
      Path blobs = platform.home().blobs();
      List<Path> files = new ArrayList<>();
      files.add(
          blobs
              .resolve(Service.PERSONA.module())
              .resolve(account.get(path).body().path("avatar").asString()));
      files.add(
          blobs
              .resolve(Service.VOICE.module())
              .resolve(
                  account
                      .call(
                          Call.of("POST", path + "/voice/upload")
                              .multipart(
                                  Map.of(), Map.of("voice_file", Recordings.humWith(canary))),
                          200)
                      .body()
                      .path("voice_url")
                      .asString()));
      account.call(Call.of("POST", path + "/voice/speech").json(Map.of("text", canary)), 200);
      String job =
          account
              .call(Call.of("POST", path + "/voice/jobs").json(Map.of("text", canary)), 202)
              .body()
              .path("id")
              .asString();
      // Somebody who has deleted a persona before: that erasure names who asked for it.
      account.call(Call.of("DELETE", "/api/personas/" + account.persona(canary + "x")), 200);
      await()
          .atMost(LIMIT)
          .until(() -> account.get(path).body().path("has_custom_voice").asBoolean());
      // Its text goes with its end.
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  account
                      .get(path + "/voice/jobs/" + job)
                      .body()
                      .path("state")
                      .asString()
                      .equals("completed"));
      return new Resident(platform, account, canary, persona, files);
    }

    private static long furnished(Account account, String canary) {
      return account
          .call(
              Call.of("POST", "/api/personas/create")
                  .multipart(
                      Map.of(
                          "name", canary,
                          "display_name", canary,
                          "description", canary,
                          "personality_traits", canary,
                          "tagline", canary),
                      Map.of("avatar", Pictures.sunset())),
              201)
          .body()
          .at("/persona/id")
          .asLong();
    }

    /** A message of an app with a model of its own, and one that the platform answers. */
    private static void talk(Account account, String persona, String canary) {
      account.call(
          Call.of("POST", persona + "/messages").json(Map.of("role", "user", "content", canary)),
          201);
      account.call(
          Call.of("POST", persona + "/chat").json(Map.of("content", "My name is " + canary)), 200);
    }

    String number() {
      return Long.toString(account.id());
    }

    /** Shows that the search finds what is there, so that finding nothing means something. */
    void assertIsEverywhere(Remains remains) throws SQLException, IOException {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(remains.tables(canary))
                      .contains(
                          "gateway.account",
                          "gateway.credential",
                          "memory.chat_message",
                          "persona.persona",
                          "voice.known_persona"));
      assertThat(remains.tables(account.email())).containsExactly("gateway.account");
      assertThat(remains.tables(number()))
          .contains(
              "gateway.credential",
              "memory.last_switch",
              "memory.persona_memory",
              "persona.active_persona",
              "persona.erasure",
              "voice.speech_job",
              "voice.voice_sample");
      assertThat(files).allMatch(Files::exists);
      // Samples are made anew where there is an ffmpeg, and then it is in no file at all.
      assertThat(files).containsAll(remains.files(canary));
    }

    /** What the user sees of what they have. */
    List<JsonNode> belongings() {
      return List.of(
          account.get("/api/auth/me").body(),
          account.get("/api/auth/api-keys").body(),
          account.get("/api/personas/available").body(),
          account.get("/api/personas/current").body(),
          account.get("/api/personas/" + persona + "/messages").body(),
          account.get("/api/personas/" + persona + "/voice").body(),
          account.get(BUILT_IN + "/messages").body());
    }
  }

  /**
   * Numbers of accounts are small, and a 7 stands everywhere. From here on they are so long that
   * they can be looked for in any text.
   */
  private static void giveNumbersThatStandNowhereByChance(TestPlatform platform)
      throws SQLException {
    try (Connection database = platform.superuser(Service.GATEWAY);
        PreparedStatement jump =
            database.prepareStatement(
                "select setval(pg_get_serial_sequence('account', 'id'), ?)")) {
      jump.setLong(1, ThreadLocalRandom.current().nextLong(1L << 50, 1L << 52));
      jump.execute();
    }
  }

  /** Waits for the receipts of all services, as anybody may who knows the id. */
  private static JsonNode erased(TestPlatform platform, Answer farewell) {
    Call status =
        Call.of("GET", "/api/auth/erasures/" + farewell.body().path("erasure_id").asString());
    return await()
        .atMost(LIMIT)
        .until(
            () -> status.send(platform.baseUrl(), Map.of()).body(),
            erasure -> erasure.path("status").asString().equals("complete"));
  }

  private static Map<String, Long> counted(JsonNode erasure) {
    var counts = new HashMap<String, Long>();
    for (JsonNode service : erasure.path("services")) {
      service
          .path("counts")
          .properties()
          .forEach(each -> counts.merge(each.getKey(), each.getValue().asLong(), Long::sum));
    }
    return counts;
  }

  /** The newest event of each key of each topic: what Kafka keeps for good. */
  private static List<ConsumerRecord<String, String>> lastWords(TestPlatform platform) {
    var newest = new HashMap<String, ConsumerRecord<String, String>>();
    TopicLog.read(
            platform,
            Topics.ACCOUNT_LIFECYCLE,
            Topics.PERSONA_ERASURE,
            Topics.PERSONA_LIFECYCLE,
            Topics.PERSONA_SWITCHED,
            Topics.VOICE_CHANGED)
        .forEach(record -> newest.put(record.topic() + " " + record.key(), record));
    assertThat(newest).isNotEmpty();
    return List.copyOf(newest.values());
  }

  private static Answer askForPersonas(TestPlatform platform, Map<String, String> proof) {
    return Call.of("GET", "/api/personas/available").send(platform.baseUrl(), proof);
  }

  private static Answer send(TestPlatform platform, String path, String email, String name) {
    return Call.of("POST", path)
        .json(Map.of("email", email, "password", Account.PASSWORD, "name", name))
        .send(platform.baseUrl(), Account.visitor());
  }
}
