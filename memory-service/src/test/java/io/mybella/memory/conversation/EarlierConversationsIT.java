package io.mybella.memory.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What was there before conversations were understood is understood after the update. */
class EarlierConversationsIT {

  private final PostgresPart.Database database = PlatformParts.freshDatabase("memory");

  @Test
  void theUpdateAsksForEveryPairAndFindsTheMessagesOfEachConversation() throws SQLException {
    flyway().target("8").load().migrate();
    try (Connection connection = superuser()) {
      JdbcClient db = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      for (String statement :
          new String[] {
            "INSERT INTO persona_memory (user_id, persona_id) VALUES (1, 1), (1, 2), (2, 1)",
            """
            INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at, ended_at)
            SELECT u, p, ('00000000-0000-7000-8000-00000000000' || c)::uuid, now(), now(),
              CASE WHEN c < 3 THEN now() END
            FROM (VALUES (1, 1), (1, 2)) AS pairs (u, p), generate_series(1, 3) AS c
            """,
            """
            INSERT INTO chat_message
              (user_id, persona_id, id, conversation_id, role, content, created_at)
            SELECT user_id, persona_id, (left(id::text, 8) || '-aaaa-7000-8000-0000000000' || m)::uuid,
              id, 'user', 'said', now()
            FROM conversation, generate_series(10, 30) AS m
            WHERE persona_id = 1 AND right(id::text, 1)::integer < 3 AND m / 10 = right(id::text, 1)::integer
            """
          }) {
        db.sql(statement).update();
      }

      flyway().load().migrate();

      assertThat(
              db.sql(
                      """
                      SELECT user_id || ' ' || persona_id FROM memory_work
                      WHERE kind = 'conversations' AND next_at <= now() AND lease IS NULL ORDER BY 1
                      """)
                  .query(String.class)
                  .list())
          .containsExactly("1 1", "1 2");
      assertThat(
              db.sql(
                      """
                      SELECT concat_ws(' ', right(id::text, 1), right(first_message_id::text, 2),
                        right(last_message_id::text, 2), revision) FROM conversation
                      WHERE persona_id = 1 ORDER BY id
                      """)
                  .query(String.class)
                  .list())
          .containsExactly("1 10 19 0", "2 20 29 0", "3 0");
      assertThat(
              db.sql(
                      """
                      SELECT relname FROM pg_class
                      WHERE relrowsecurity AND NOT relforcerowsecurity AND relkind IN ('r', 'p')
                      """)
                  .query(String.class)
                  .list())
          .as("the owner is bound again")
          .isEmpty();
    }
  }

  private FluentConfiguration flyway() {
    return Flyway.configure()
        .placeholders(Map.of("app_role", database.appUser(), "search_language", "english"))
        .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword());
  }

  private Connection superuser() throws SQLException {
    String url = database.jdbcUrl();
    return PlatformParts.postgres()
        .superuser(url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", ""));
  }
}
