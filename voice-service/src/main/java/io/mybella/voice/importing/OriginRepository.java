package io.mybella.voice.importing;

import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which sample came from where. */
@Repository
class OriginRepository {

  private final JdbcClient database;
  private final Clock clock;

  OriginRepository(JdbcClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Whether a file was taken over. */
  boolean isTaken(String source, String key) {
    return database
        .sql("select exists (select from import_origin where source = ? and row_key = ?)")
        .params(source, key)
        .query(Boolean.class)
        .single();
  }

  /** Notes that a file has become the sample of a persona. */
  void keep(String source, String key, long personaId) {
    database
        .sql(
            """
            insert into import_origin (source, row_key, persona_id, imported_at)
            values (?, ?, ?, ?) on conflict do nothing
            """)
        .params(source, key, personaId, Timestamp.from(clock.instant()))
        .update();
  }
}
