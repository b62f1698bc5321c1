package io.mybella.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole stack with its real database and broker, and stand-ins for the services. */
@Timeout(300)
class LocalPlatformIT {

  @TempDir private Path folder;
  private Path project;

  @BeforeEach
  void create() throws IOException {
    project = StandInProject.in(folder.resolve("project"));
    System.setProperty("mybella.root", project.toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty("mybella.root");
  }

  @Test
  void everyServiceIsToldWhereEverythingIsAndDataStayOverARestart()
      throws IOException, SQLException {
    Settings settings =
        LocalPlatform.onFreePorts(
            folder.resolve("home"), Map.of("MYBELLA_ELEVENLABS_API_KEY", "key-of-the-user"));
    List<String> progress = new ArrayList<>();
    try (LocalPlatform platform = LocalPlatform.start(settings, progress::add)) {
      assertThat(LocalPlatform.partNames())
          .allSatisfy(part -> assertThat(platform.state(part)).isEqualTo(State.HEALTHY));
      assertThat(progress).hasSize(7);

      String memory = StandInProject.get(platform.url(Service.MEMORY).resolve("/environment"));
      assertThat(memory)
          .contains("MYBELLA_DB_URL=" + platform.database(Service.MEMORY).jdbcUrl())
          .contains("MYBELLA_DB_APP_USER=memory_app")
          .contains("MYBELLA_DB_OWNER_USER=memory_owner")
          .contains("MYBELLA_KAFKA=" + platform.kafkaBootstrapServers())
          .contains("MYBELLA_PERSONA_URL=" + platform.url(Service.PERSONA))
          .contains("MYBELLA_JWKS_URI=" + platform.baseUrl() + "/.well-known/jwks.json")
          .contains("MYBELLA_ELEVENLABS_API_KEY=key-of-the-user");
      String chat = StandInProject.get(platform.url(Service.CHAT).resolve("/environment"));
      assertThat(chat).doesNotContain("MYBELLA_DB_");

      sql(platform, "CREATE TABLE note (text text)");
      sql(platform, "INSERT INTO note VALUES ('kept')");
    }
    try (LocalPlatform platform = LocalPlatform.start(settings, progress::add);
        Connection connection = platform.superuser(Service.MEMORY);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT text FROM note")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("kept");
    }
  }

  @Test
  void whateverCrashesIsStartedAgainTheDatabaseAndTheBrokerIncluded() {
    Settings settings = LocalPlatform.onFreePorts(folder.resolve("home"), Map.of());
    try (LocalPlatform platform = LocalPlatform.start(settings, line -> {})) {
      for (String part :
          List.of(LocalPlatform.POSTGRES, LocalPlatform.KAFKA, Service.VOICE.module())) {
        long pid = platform.pid(part);
        platform.kill(part);
        await()
            .atMost(Duration.ofSeconds(40))
            .until(
                () ->
                    platform.state(part) == State.HEALTHY
                        && platform.pid(part) > 0
                        && platform.pid(part) != pid);
      }
      assertThat(platform.database(Service.VOICE).appUser()).isEqualTo("voice_app");
    }
  }

  @Test
  void aReplicaSharesEverythingButItsPortAndIsStartedAgainLikeTheFirst() throws IOException {
    Settings settings = LocalPlatform.onFreePorts(folder.resolve("home"), Map.of());
    long pid;
    try (LocalPlatform platform = LocalPlatform.start(settings, line -> {})) {
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
      await()
          .atMost(Duration.ofSeconds(40))
          .until(
              () ->
                  platform.state(replica.part()) == State.HEALTHY
                      && platform.pid(replica.part()) != first);
      pid = platform.pid(replica.part());
    }
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void theNextStartUsesTheCachesOfThisOne() throws IOException {
    Settings settings = LocalPlatform.onFreePorts(folder.resolve("home"), Map.of());
    Path caches = project.resolve("local-stack/target/aot");
    try (LocalPlatform platform = LocalPlatform.start(settings, line -> {})) {
      assertThat(options(platform)).doesNotContain("AOTCache");
      platform.makeCaches();
    }
    try (var files = Files.list(caches)) {
      assertThat(files.filter(file -> file.toString().endsWith(".aot"))).hasSize(5);
    }
    // Without a cache that fits, this option makes a JVM refuse to start.
    Settings strict =
        LocalPlatform.onFreePorts(
            folder.resolve("home"), Map.of("MYBELLA_JAVA_OPTIONS", "-XX:AOTMode=on"));
    try (LocalPlatform platform = LocalPlatform.start(strict, line -> {})) {
      assertThat(options(platform)).contains("AOTCache=" + caches.toRealPath());
    }
  }

  private static String options(LocalPlatform platform) throws IOException {
    return StandInProject.get(platform.url(Service.CHAT).resolve("/options"));
  }

  @Test
  void aTakenPortIsNamedWithItsSettingAndItsOwner() throws IOException {
    Settings settings = LocalPlatform.onFreePorts(folder.resolve("home"), Map.of());
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
    Settings settings = LocalPlatform.onFreePorts(folder.resolve("home"), Map.of());
    try (LocalPlatform first = LocalPlatform.prepare(settings, line -> {})) {
      assertThat(first.home().folder()).exists();
      assertThatThrownBy(() -> LocalPlatform.prepare(settings, line -> {}).close())
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("runs already");
    }
  }

  @Test
  void aJarThatWasNotBuiltIsNamedWithTheCommandThatBuildsIt() throws IOException {
    Files.delete(Service.CHAT.jar(project));
    Settings settings = LocalPlatform.onFreePorts(folder.resolve("home"), Map.of());
    assertThatThrownBy(() -> LocalPlatform.start(settings, line -> {}).close())
        .hasMessageContaining("chat-service.jar does not exist")
        .hasMessageContaining("./mvnw -DskipTests package");
  }

  private static void sql(LocalPlatform platform, String sql) throws SQLException {
    var database = platform.database(Service.MEMORY);
    try (Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.ownerUser(), database.ownerPassword());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
