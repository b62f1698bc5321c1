package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.contracts.event.Topics;
import io.mybella.fakeelevenlabs.Account;
import io.mybella.fakeelevenlabs.FakeElevenLabs;
import io.mybella.local.LocalPlatform;
import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.local.doctor.LocalDoctor;
import io.mybella.operator.doctor.Doctor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The doctor finds a healthy platform healthy, and names what is done to it here, one thing after
 * the other.
 */
@Isolated("Takes away from the platform what others need")
@ExtendWith(PlatformExtension.class)
class DoctorIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Not of this platform: whether the machine has space is not for a test to say, nor its load. */
  private static final Set<String> OF_THE_MACHINE = Set.of("space", "disks", "clocks");

  private final TestPlatform platform;

  DoctorIT(TestPlatform platform) {
    this.platform = platform;
  }

  @Test
  void aHealthyPlatformIsFoundHealthyAndTheGuestsLeaveNothingBehind() throws Exception {
    long accounts = count(Service.GATEWAY, "account");
    long personas = count(Service.PERSONA, "persona where deleted_at is null");
    long pairs = count(Service.MEMORY, "persona_memory");

    List<JsonNode> findings = examine(Map.of());
    assertThat(findings)
        .filteredOn(finding -> !OF_THE_MACHINE.contains(finding.path("check").asString()))
        .filteredOn(finding -> !finding.path("outcome").asString().equals("ok"))
        .extracting(DoctorIT::inWords)
        .allMatch(
            words ->
                words.startsWith("skipped elevenlabs")
                    || words.startsWith("skipped language model")
                    || words.startsWith("skipped proxy: public address"));
    assertThat(findings)
        .extracting(DoctorIT::inWords)
        .contains(
            "ok isolation: personas: each persona knows what it was told, and nothing else",
            "ok isolation: users: nobody sees anything of somebody else")
        .anyMatch(words -> words.startsWith("ok default voice: heard"));

    assertThat(count(Service.GATEWAY, "account")).isEqualTo(accounts);
    assertThat(count(Service.PERSONA, "persona where deleted_at is null")).isEqualTo(personas);
    assertThat(count(Service.MEMORY, "persona_memory")).isEqualTo(pairs);
  }

  @Test
  void aRoleThatMayDoMoreIsNamed() throws Exception {
    sql(Service.VOICE, "CREATE ROLE doctor_power BYPASSRLS", "GRANT doctor_power TO voice_app");
    try {
      assertFound(
          "roles", "failed roles: voice: the role may go round row-level security (doctor_power)");
    } finally {
      sql(Service.VOICE, "DROP ROLE doctor_power");
    }
    sql(Service.GATEWAY, "ALTER ROLE gateway_app SUPERUSER CREATEDB");
    try {
      assertFound("roles", "failed roles: gateway: the role is or may become a superuser (");
    } finally {
      sql(Service.GATEWAY, "ALTER ROLE gateway_app NOSUPERUSER NOCREATEDB");
    }
    sql(Service.GATEWAY, "ALTER ROLE gateway_app CREATEDB");
    try {
      assertFound(
          "roles",
          "failed roles: gateway: the role may make roles, databases or replicas (gateway_app)");
    } finally {
      sql(Service.GATEWAY, "ALTER ROLE gateway_app NOCREATEDB");
    }
    sql(Service.VOICE, "GRANT voice_owner TO voice_app");
    try {
      assertFound("roles", "failed roles: voice: the role owns tables, such as ");
    } finally {
      sql(Service.VOICE, "REVOKE voice_owner FROM voice_app");
    }
    sql(Service.MEMORY, "CREATE TABLE doctor_pair (user_id bigint, persona_id bigint)");
    try {
      assertFound("roles", "failed roles: memory: row-level security is off for doctor_pair");
    } finally {
      sql(Service.MEMORY, "DROP TABLE doctor_pair");
    }
    sql(Service.PERSONA, "GRANT CREATE ON SCHEMA public TO persona_app");
    try {
      assertFound("roles", "failed roles: persona: the role may create tables");
    } finally {
      sql(Service.PERSONA, "REVOKE CREATE ON SCHEMA public FROM persona_app");
    }
    assertThat(examine(Map.of(), "roles")).allMatch(DoctorIT::isOk);
  }

  @Test
  void migrationsThatAreMissingOrFailedAreNamed() throws Exception {
    String newest =
        "version = (SELECT max(version::int)::text FROM flyway_schema_history WHERE version IS NOT"
            + " NULL)";
    sql(
        Service.PERSONA,
        "CREATE TABLE doctor_history AS SELECT * FROM flyway_schema_history WHERE " + newest,
        "DELETE FROM flyway_schema_history WHERE " + newest);
    try {
      assertFound("databases", "failed databases: persona: migrations are missing: V");
    } finally {
      sql(
          Service.PERSONA,
          "INSERT INTO flyway_schema_history SELECT * FROM doctor_history",
          "DROP TABLE doctor_history");
    }
    sql(Service.PERSONA, "UPDATE flyway_schema_history SET success = false WHERE " + newest);
    try {
      assertFound("databases", "failed databases: persona: migrations failed: V");
    } finally {
      sql(Service.PERSONA, "UPDATE flyway_schema_history SET success = true WHERE " + newest);
    }
    assertThat(examine(Map.of(), "databases")).allMatch(DoctorIT::isOk);
    assertThat(words(examine(Map.of("MYBELLA_GATEWAY_DB_APP_PASSWORD", "wrong"), "databases")))
        .anyMatch(
            found ->
                found.startsWith("failed databases: gateway: ") && !found.contains("\"wrong\""));
  }

  @Test
  void topicsOfAnotherShapeAndEventsThatWerePutAsideAreNamed() throws Exception {
    assertThat(words(examine(Map.of("MYBELLA_EVENTS_PARTITIONS", "7"), "broker")))
        .contains("warning broker: mybella.persona.switched: 6 partitions instead of 7");
    String letters = "mybella.doctor.somebody.dlq";
    try (Admin admin = Admin.create(kafka())) {
      String topic = Topics.VOICE_SYNTHESIS;
      admin.deleteTopics(List.of(topic)).all().get();
      try {
        await()
            .atMost(LIMIT)
            .untilAsserted(() -> assertFound("broker", "failed broker: " + topic + ": missing"));
      } finally {
        admin.createTopics(List.of(new NewTopic(topic, 6, (short) 1))).all().get();
      }
      admin.createTopics(List.of(new NewTopic(letters, 2, (short) 1))).all().get();
      try {
        assertThat(examine(Map.of(), "dead letters")).allMatch(DoctorIT::isOk);
        try (var producer =
            new KafkaProducer<>(kafka(), new StringSerializer(), new StringSerializer())) {
          producer.send(new ProducerRecord<>(letters, "key", "value")).get();
        }
        assertFound(
            "dead letters", "failed dead letters: " + letters + ": 1 events were put aside");
      } finally {
        admin.deleteTopics(List.of(letters)).all().get();
      }
    }
  }

  @Test
  void anErasureThatIsOverdueIsNamed() throws Exception {
    String id = "'00000000-0000-7000-8000-00000000d0c7'";
    sql(
        Service.GATEWAY,
        "INSERT INTO erasure (id, user_id, requested_at, told_at) VALUES (%s, 987654321, now() - interval '2 hours', now())"
            .formatted(id),
        "INSERT INTO erasure_receipt (erasure_id, service) VALUES (%s, 'nobody')".formatted(id));
    try {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertFound(
                      "erasures", "failed erasures: gateway: 1 erasures of accounts are overdue"));
    } finally {
      sql(
          Service.GATEWAY,
          "DELETE FROM erasure_receipt WHERE erasure_id = " + id,
          "DELETE FROM erasure WHERE id = " + id);
    }
  }

  @Test
  void aPortThatSomebodyElseHasIsNamed() throws Exception {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThat(
              words(examine(Map.of("MYBELLA_VOICE_PORT", "" + stranger.getLocalPort()), "ports")))
          .anyMatch(
              found ->
                  found.startsWith(
                      "failed ports: %d: is taken by process %d"
                          .formatted(stranger.getLocalPort(), ProcessHandle.current().pid())));
    }
    assertThat(examine(Map.of(), "ports", "jdk")).allMatch(DoctorIT::isOk);
  }

  @Test
  void anAccountOfElevenLabsThatIsNotAsItShouldBeIsNamed() throws Exception {
    Account whole = Account.withoutLimits();
    try (FakeElevenLabs elevenLabs = new FakeElevenLabs(whole)) {
      Map<String, String> settings =
          Map.of(
              "MYBELLA_ELEVENLABS_URL", elevenLabs.baseUrl(), "MYBELLA_ELEVENLABS_API_KEY", "key");
      assertThat(words(examine(settings, "elevenlabs")))
          .contains("ok elevenlabs: key: is accepted")
          .anyMatch(
              found ->
                  found.startsWith("warning elevenlabs: voices: the account has no more: ")
                      && found.contains("EXAVITQu4vr4xnSDxMaL"));
      elevenLabs.changeTo(new Account("spent", 2, 0, 3, false, false, false, "key", true, 100));
      assertThat(words(examine(settings, "elevenlabs")))
          .contains("failed elevenlabs: plan: spent: 0 of 0 characters are used");
      elevenLabs.changeTo(
          new Account("other", 2, 9, 3, false, false, false, "another key", true, 100));
      assertThat(words(examine(settings, "elevenlabs")))
          .containsExactly("failed elevenlabs: key: is refused (401)");
    }
  }

  @Test
  void everyCheckStandsInTheTroubleshooting() throws Exception {
    String guide =
        Files.readString(
            LocalPlatform.projectRoot().resolve("docs/troubleshooting.md"), StandardCharsets.UTF_8);
    assertThat(doctor(Map.of()).names()).allMatch(name -> guide.contains("**" + name + "**"));
  }

  private void assertFound(String check, String finding) throws Exception {
    assertThat(words(examine(Map.of(), check))).anyMatch(found -> found.startsWith(finding));
  }

  private Doctor doctor(Map<String, String> more) {
    return LocalDoctor.of(platform.settings().with(more));
  }

  private List<JsonNode> examine(Map<String, String> more, String... checks)
      throws InterruptedException {
    StringWriter out = new StringWriter();
    Doctor doctor = doctor(more);
    (checks.length == 0 ? doctor : doctor.only(Arrays.asList(checks)))
        .examine(true, new PrintWriter(out), new PrintWriter(new StringWriter()));
    List<JsonNode> findings = new ArrayList<>();
    JsonMapper.shared().readTree(out.toString()).path("findings").forEach(findings::add);
    assertThat(findings).isNotEmpty();
    return findings;
  }

  private static List<String> words(List<JsonNode> findings) {
    return findings.stream().map(DoctorIT::inWords).toList();
  }

  private static String inWords(JsonNode finding) {
    String subject = finding.path("subject").asString();
    return "%s %s: %s%s"
        .formatted(
            finding.path("outcome").asString(),
            finding.path("check").asString(),
            subject.isEmpty() ? "" : subject + ": ",
            finding.path("result").asString());
  }

  private static boolean isOk(JsonNode finding) {
    return finding.path("outcome").asString().equals("ok");
  }

  private Properties kafka() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", platform.kafkaBootstrapServers());
    return properties;
  }

  private void sql(Service service, String... statements) throws SQLException {
    try (Connection connection = platform.superuser(service);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private long count(Service service, String what) throws SQLException {
    try (Connection connection = platform.superuser(service);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM " + what)) {
      row.next();
      return row.getLong(1);
    }
  }
}
