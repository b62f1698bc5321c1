package io.mybella.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mybella.local.settings.Home;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.StartFailure;
import io.mybella.local.supervisor.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole stack with its real database and broker, and stand-ins for the services. */
@Timeout(300)
class LocalPlatformIT {

  private static final int PARTS = 7;

  @TempDir private static Path folder;
  private static Path project;
  private static TestPlatform platform;

  @BeforeAll
  static void create() throws IOException {
    project = StandInProject.in(folder.resolve("project"));
    System.setProperty("mybella.root", project.toString());
    platform =
        TestPlatform.start(
            TestPlatform.onFreePorts(
                folder.resolve("shared"), Map.of("MYBELLA_ELEVENLABS_API_KEY", "key-of-the-user")),
            line -> {});
  }

  @AfterAll
  static void end() {
    platform.close();
    System.clearProperty("mybella.root");
  }

  @Test
  void everyServiceIsToldWhereEverythingIsAndDataStayOverARestart()
      throws IOException, SQLException {
    assertThat(LocalPlatform.partNames())
        .hasSize(PARTS + 1)
        .filteredOn(part -> !part.equals(LocalPlatform.FAKE_ELEVENLABS))
        .allSatisfy(part -> assertThat(platform.state(part)).isEqualTo(State.HEALTHY));
    String memory = StandInProject.get(platform.url(Service.MEMORY).resolve("/environment"));
    assertThat(memory)
        .contains("MYBELLA_DB_URL=" + platform.database(Service.MEMORY).jdbcUrl())
        .contains("MYBELLA_DB_APP_USER=memory_app")
        .contains("MYBELLA_DB_OWNER_USER=memory_owner")
        .contains("MYBELLA_KAFKA=" + platform.kafkaBootstrapServers())
        .contains("MYBELLA_PERSONA_URL=" + platform.url(Service.PERSONA))
        .contains("MYBELLA_JWKS_URI=" + platform.baseUrl() + "/.well-known/jwks.json")
        .contains("MYBELLA_ELEVENLABS_API_KEY=key-of-the-user")
        .contains("MYBELLA_OPERATOR_TOKEN=" + platform.operatorToken());
    assertThat(platform.operatorToken()).hasSizeGreaterThanOrEqualTo(32);
    String chat = StandInProject.get(platform.url(Service.CHAT).resolve("/environment"));
    assertThat(chat).doesNotContain("MYBELLA_DB_", "MYBELLA_OPERATOR_TOKEN");
    assertThat(options(platform)).contains("-XX:TieredStopAtLevel=1");

    sql(platform, "CREATE TABLE note (text text)");
    sql(platform, "INSERT INTO note VALUES ('kept')");
    platform.close();
    List<String> progress = new CopyOnWriteArrayList<>();
    platform =
        TestPlatform.start(platform.settings().with(Map.of("MYBELLA_JIT", "full")), progress::add);

    assertThat(progress).hasSize(PARTS);
    assertThat(options(platform)).doesNotContain("-XX:TieredStopAtLevel");
    try (Connection connection = platform.superuser(Service.MEMORY);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT text FROM note")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("kept");
    }
  }

  @Test
  void whateverCrashesIsStartedAgainTheDatabaseAndTheBrokerIncluded() throws IOException {
    Path leftover = platform.home().scratch(Service.VOICE.module()).resolve("leftover");
    Files.createFile(leftover);
    for (String part :
        List.of(LocalPlatform.POSTGRES, LocalPlatform.KAFKA, Service.VOICE.module())) {
      long pid = platform.pid(part);
      platform.kill(part);
      awaitAnother(part, pid);
    }
    assertThat(platform.database(Service.VOICE).appUser()).isEqualTo("voice_app");
    assertThat(leftover).doesNotExist();
  }

  @Test
  void aReplicaSharesEverythingButItsPortAndIsStartedAgainLikeTheFirst() throws IOException {
    Instance replica = platform.startReplica(Service.PERSONA);

    assertThat(replica.part()).isEqualTo("persona-service-2");
    assertThat(platform.state(replica.part())).isEqualTo(State.HEALTHY);
    assertThat(StandInProject.get(replica.url().resolve("/environment")))
        .contains("MYBELLA_PERSONA_PORT=" + replica.port())
        .contains("MYBELLA_PERSONA_URL=" + platform.url(Service.PERSONA))
        .contains("MYBELLA_DB_URL=" + platform.database(Service.PERSONA).jdbcUrl());
    assertThat(StandInProject.get(platform.url(Service.PERSONA).resolve("/environment")))
        .doesNotContain("MYBELLA_PERSONA_PORT=" + replica.port());

    long first = platform.pid(replica.part());
    platform.kill(replica.part());
    awaitAnother(replica.part(), first);
    long second = platform.pid(replica.part());
    platform.hold(replica.part());
    assertThat(ProcessHandle.of(second).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static void awaitAnother(String part, long pid) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                platform.state(part) == State.HEALTHY
                    && platform.pid(part) > 0
                    && platform.pid(part) != pid);
  }

  @Test
  void theNextStartUsesTheCachesOfThisOneAndNothingElseIsLeftOfTheirMaking() throws IOException {
    Path caches = project.resolve("local-stack/target/aot");
    assertThat(options(platform)).doesNotContain("AOTCache");

    platform.makeCaches();

    try (var files = Files.list(caches)) {
      assertThat(files.map(file -> file.getFileName().toString().replaceAll("-[0-9a-f]{8}", "")))
          .containsExactlyInAnyOrder(
              "kafka.aot",
              "persona-service.aot",
              "memory-service.aot",
              "voice-service.aot",
              "chat-service.aot",
              "gateway.aot");
    }
    assertThat(platform.home().training().folder()).doesNotExist();
    // Without a cache that fits, this option makes a JVM refuse to start.
    Settings strict =
        TestPlatform.onFreePorts(
            folder.resolve("strict"), Map.of("MYBELLA_JAVA_OPTIONS", "-XX:AOTMode=on"));
    try (TestPlatform next = TestPlatform.start(strict, line -> {})) {
      assertThat(options(next)).contains("AOTCache=" + caches.toRealPath());
    }
  }

  private static String options(TestPlatform running) throws IOException {
    return StandInProject.get(running.url(Service.CHAT).resolve("/options"));
  }

  @Test
  void aTakenPortIsNamedWithItsSettingAndItsOwner() throws IOException {
    Settings settings = TestPlatform.onFreePorts(folder.resolve("home"), Map.of());
    int port = settings.number(Setting.MYBELLA_VOICE_PORT);
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThat(socket.isBound()).isTrue();
      assertThatThrownBy(() -> LocalPlatform.start(settings, line -> {}).close())
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("Port " + port + ", wanted by voice-service, is taken by process")
          .hasMessageContaining("" + ProcessHandle.current().pid())
          .hasMessageContaining("MYBELLA_VOICE_PORT=");
    }
    // Nothing was started, and the folder is free again.
    LocalPlatform.prepare(settings, line -> {}).close();
  }

  @Test
  void twoInOneFolderAreRefused() {
    Settings settings = TestPlatform.onFreePorts(folder.resolve("home"), Map.of());
    try (LocalPlatform first = LocalPlatform.prepare(settings, line -> {})) {
      assertThat(first.home().folder()).exists();
      assertThatThrownBy(() -> LocalPlatform.prepare(settings, line -> {}).close())
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("runs already");
    }
  }

  @Test
  void whileItIsEndedOrResetNobodyCanStartIt() throws IOException {
    Settings settings = TestPlatform.onFreePorts(folder.resolve("resetting"), Map.of());
    LocalPlatform.prepare(settings, line -> {}).close();
    Home home = new Home(settings.home());
    Files.createDirectories(home.postgres());
    List<String> refusals = new CopyOnWriteArrayList<>();

    new RunningStack(home)
        .endAndThen(
            line -> {},
            () ->
                assertThatThrownBy(() -> LocalPlatform.prepare(settings, line -> {}).close())
                    .isInstanceOf(StartFailure.class)
                    .satisfies(refusal -> refusals.add(refusal.getMessage())));
    assertThat(refusals).singleElement().asString().contains("try again in a moment");

    Files.createDirectories(home.scratch(Service.VOICE.module()));
    new RunningStack(home).reset(line -> {});
    assertThat(home.scratch()).doesNotExist();
    assertThat(home.postgres()).doesNotExist();
    LocalPlatform.prepare(settings, line -> {}).close();
  }

  @Test
  void aJarThatWasNotBuiltIsNamedWithTheCommandThatBuildsIt() throws IOException {
    Path jar = Service.CHAT.jar(project);
    Path aside = Files.move(jar, jar.resolveSibling("aside.jar"));
    try {
      Settings settings = TestPlatform.onFreePorts(folder.resolve("home"), Map.of());
      assertThatThrownBy(() -> LocalPlatform.start(settings, line -> {}).close())
          .hasMessageContaining("chat-service.jar does not exist")
          .hasMessageContaining("./mvnw -DskipTests package");
    } finally {
      Files.move(aside, jar);
    }
  }

  private static void sql(TestPlatform platform, String sql) throws SQLException {
    var database = platform.database(Service.MEMORY);
    try (Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.ownerUser(), database.ownerPassword());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
