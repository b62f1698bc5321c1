package io.mybella.memory.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The language of the search is a setting, and what was said before follows it. */
class SearchLanguageIT {

  private final PostgresPart.Database database = PlatformParts.freshDatabase("memory");

  @Test
  void wordsAreStemmedAnewWhenTheLanguageChanges() throws SQLException {
    migrate("english");
    try (Connection connection = superuser()) {
      JdbcClient db = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      db.sql("INSERT INTO persona_memory (user_id, persona_id) VALUES (1, 1)").update();
      db.sql(
              """
              INSERT INTO chat_message
                (user_id, persona_id, id, conversation_id, role, content, created_at)
              VALUES (1, 1, gen_random_uuid(), gen_random_uuid(), 'user', 'die schönen Häuser', now())
              """)
          .update();
      assertThat(found(db, "Haus")).isFalse();

      migrate("german");
      assertThat(found(db, "Haus")).isTrue();

      migrate("klingon");
      assertThat(found(db, "Haus")).isFalse();
      assertThat(found(db, "Häuser die")).as("no word is left out in no language").isTrue();
    }
  }

  private static boolean found(JdbcClient db, String words) {
    return db.sql(
            "SELECT words @@ websearch_to_tsquery(search_language(), :words) FROM chat_message")
        .param("words", words)
        .query(Boolean.class)
        .single();
  }

  private void migrate(String language) {
    Flyway.configure()
        .placeholders(Map.of("app_role", database.appUser(), "search_language", language))
        .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
        .load()
        .migrate();
  }

  private Connection superuser() throws SQLException {
    String url = database.jdbcUrl();
    return PlatformParts.postgres()
        .superuser(url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", ""));
  }
}
