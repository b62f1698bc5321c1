package io.mybella.persona;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import io.mybella.persona.testing.PersonaApi;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The process is told to end with SIGTERM while requests are under way. It has a database and a
 * broker to itself, so that nobody else sends its events.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
class GracefulStopIT {

  /** What operators give a container before they kill it (docker-compose.yml). */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final int SIGTERM = 128 + 15;
  private static final int REQUESTS = 5;

  @TempDir Path folder;

  private final PostgresPart.Database fresh = PlatformParts.freshDatabase("persona");
  private final KafkaPart kafka = KafkaPart.start(KafkaPart.Options.temporary());
  private final JdbcTemplate database =
      new JdbcTemplate(
          new DriverManagerDataSource(fresh.jdbcUrl(), fresh.appUser(), fresh.appPassword()));

  @AfterEach
  void endBroker() {
    kafka.close();
  }

  @Test
  void whatWasTakenIsDoneAnsweredAndToldBeforeTheEnd() throws Exception {
    try (var service = start();
        Connection obstacle = connection();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<PersonaApi> users = users(service, REQUESTS);
      for (PersonaApi user : users) {
        hold(obstacle, user);
      }
      List<Future<PersonaApi.Answer>> answers = new ArrayList<>();
      for (PersonaApi user : users) {
        answers.add(
            threads.submit(() -> user.postJson("/api/personas/create", Map.of("name", "Coach"))));
      }
      await().atMost(LIMIT).until(() -> held() == REQUESTS);

      service.tellToEnd();
      await().atMost(LIMIT).until(service::refusesConnections);
      assertThat(service.runs()).as("requests are under way").isTrue();
      assertThat(answers).noneMatch(Future::isDone);
      letGo(obstacle);

      for (Future<PersonaApi.Answer> answer : answers) {
        assertThat(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS).status()).isEqualTo(201);
      }
      assertThat(service.awaitEnd(LIMIT)).isEqualTo(SIGTERM);
      assertThat(personasOf(users)).isEqualTo(REQUESTS);
      assertThat(database.queryForList("select type from outbox_event")).isEmpty();
      assertThat(created()).hasSize(REQUESTS);
    }
  }

  @Test
  void aRequestThatNeverEndsKeepsTheProcessNoLongerThanItsLimitAndLeavesNothing() throws Exception {
    try (var service = start("--spring.lifecycle.timeout-per-shutdown-phase=3s");
        Connection obstacle = connection();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<PersonaApi> users = users(service, 2);
      PersonaApi stuck = users.getFirst();
      hold(obstacle, stuck);
      Future<Integer> answer =
          threads.submit(
              () -> stuck.postJson("/api/personas/create", Map.of("name", "Coach")).status());
      await().atMost(LIMIT).until(() -> held() == 1);
      assertThat(users.getLast().postJson("/api/personas/create", Map.of("name", "Coach")).status())
          .isEqualTo(201);

      service.tellToEnd();
      assertThat(service.awaitEnd(LIMIT)).isEqualTo(SIGTERM);

      await().atMost(LIMIT).until(answer::isDone);
      letGo(obstacle);
      await().atMost(LIMIT).until(() -> connections() == 2);
      assertThat(personasOf(List.of(stuck))).as("half done is not done").isZero();
      assertThat(database.queryForList("select type from outbox_event")).isEmpty();
      assertThat(created()).hasSize(1);
    }
  }

  private ServiceProcess start(String... more) throws IOException {
    return ServiceProcess.start(
        PersonaServiceApplication.class, "256m", fresh, kafka.bootstrapServers(), folder, more);
  }

  private static List<PersonaApi> users(ServiceProcess service, int number) {
    List<PersonaApi> users = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      users.add(PersonaApi.newUser(service.port()));
    }
    return users;
  }

  /** Whoever makes something for the user waits for whoever erases the account: here, for us. */
  private static void hold(Connection obstacle, PersonaApi user) throws SQLException {
    try (PreparedStatement lock =
        obstacle.prepareStatement("select pg_advisory_lock(account_lock(?))")) {
      lock.setLong(1, user.userId());
      lock.execute();
    }
  }

  private static void letGo(Connection obstacle) throws SQLException {
    try (PreparedStatement unlock = obstacle.prepareStatement("select pg_advisory_unlock_all()")) {
      unlock.execute();
    }
  }

  /** How many requests wait in the midst of their transactions. */
  private long held() {
    return count(
        """
        select count(*) from pg_locks
        where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())
        """);
  }

  private long personasOf(List<PersonaApi> users) {
    return count(
        "select count(*) from persona where owner_user_id = any (?)",
        (Object) users.stream().map(PersonaApi::userId).toArray(Long[]::new));
  }

  private long connections() {
    return count("select count(*) from pg_stat_activity where datname = current_database()");
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection(fresh.jdbcUrl(), fresh.appUser(), fresh.appPassword());
  }

  private long count(String sql, Object... arguments) {
    Long count = database.queryForObject(sql, Long.class, arguments);
    return count == null ? 0 : count;
  }

  private List<ConsumerRecord<String, byte[]>> created() {
    Predicate<ConsumerRecord<String, byte[]>> ofUsers =
        record -> new String(record.value(), UTF_8).contains("Coach");
    try (KafkaProbe probe = KafkaProbe.on(kafka.bootstrapServers(), Topics.PERSONA_LIFECYCLE)) {
      return probe.all().stream()
          .filter(KafkaProbe.ofType(EventTypes.PERSONA_CREATED).and(ofUsers))
          .toList();
    }
  }
}
