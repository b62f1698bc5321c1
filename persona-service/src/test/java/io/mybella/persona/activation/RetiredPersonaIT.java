package io.mybella.persona.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaServiceTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A built-in persona is deleted that very many users have active. */
class RetiredPersonaIT extends PersonaServiceTest {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int USERS = 3_000;
  private static final long FIRST_USER = 9_000_001;
  private static final long PERSONA = 900_001;

  @Autowired private DataSource connections;
  @Autowired private RetiredPersonas retired;

  @Test
  void everybodyIsMovedToTheDefaultPersonaByAndByAndTold() throws SQLException {
    PersonaApi user = newUser();
    PersonaApi admin = admin();
    aBuiltInPersonaThatEverybodyHas(user);
    try (Connection switching = connections.getConnection()) {
      switching.setAutoCommit(false);
      hold(switching, user.userId());

      assertThat(admin.delete("/api/personas/" + PERSONA).status()).isEqualTo(200);

      assertThat(user.currentIds()).as("although nobody has moved them yet").containsExactly(1L);
      assertThat(user.get("/api/personas/current").json().get("id").asLong()).isEqualTo(1);
      await().atMost(SOON).until(() -> having() == 1);
      switching.rollback();
    }
    retired.moveSoon();
    await().atMost(SOON).until(() -> having() == 0);

    // As a switch does that began before the deletion and commits after it.
    PersonaApi late = newUser();
    has(late.userId());
    retired.moveSoon();
    await().atMost(SOON).until(() -> having() == 0);

    assertThat(count("select count(*) from active_persona where user_id >= ? and version = 2"))
        .isEqualTo(USERS);
    try (KafkaProbe probe = probe(Topics.PERSONA_SWITCHED)) {
      for (long each : List.of(FIRST_USER, FIRST_USER + USERS - 1, user.userId(), late.userId())) {
        JsonNode told = told(probe, each);
        assertThat(told.get("persona_id").asLong()).isEqualTo(1);
        assertThat(told.get("previous_persona_id").asLong()).isEqualTo(PERSONA);
        assertThat(told.get("reason").asString()).isEqualTo("persona_deleted");
        assertThat(told.get("version").asLong()).isEqualTo(2);
      }
    }
  }

  private void aBuiltInPersonaThatEverybodyHas(PersonaApi user) {
    database.update(
        """
        insert into persona (id, name, display_name, created_at, updated_at)
        values (?, 'Retiring', 'Retiring', now(), now())
        """,
        PERSONA);
    database.update(
        """
        insert into active_persona (user_id, persona_id, switched_at)
        select ? + n, ?, now() from generate_series(0, ? - 1) as n
        """,
        FIRST_USER,
        PERSONA,
        USERS);
    has(user.userId());
  }

  private void has(long userId) {
    database.update(
        "insert into active_persona (user_id, persona_id, switched_at) values (?, ?, now())",
        userId,
        PERSONA);
  }

  private static void hold(Connection connection, long userId) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select from active_persona where user_id = ? for update")) {
      lock.setLong(1, userId);
      lock.execute();
    }
  }

  private long having() {
    Long number =
        database.queryForObject(
            "select count(*) from active_persona where persona_id = ?", Long.class, PERSONA);
    return number == null ? 0 : number;
  }

  private long count(String sql) {
    Long number = database.queryForObject(sql, Long.class, FIRST_USER);
    return number == null ? 0 : number;
  }

  private static JsonNode told(KafkaProbe probe, long userId) {
    return JsonMapper.shared()
        .readTree(
            probe
                .await(record -> record.key().equals(Long.toString(userId)), SOON)
                .getFirst()
                .value());
  }
}
