package io.mybella.voice.erasure;

import io.mybella.voice.recording.Recordings;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends what is spoken on this instance for those whom another instance erases: an event comes to
 * one of them only.
 */
@Component
class SpeechOfErased {

  private final Recordings recordings;
  private final JdbcClient database;

  SpeechOfErased(Recordings recordings, JdbcClient database) {
    this.recordings = recordings;
    this.database = database;
  }

  @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
  void end() {
    Set<Long> personas = recordings.personas();
    Set<Long> users = recordings.users();
    if (personas.isEmpty() && users.isEmpty()) {
      return;
    }
    database
        .sql(
            """
            select persona_id as id, true as is_persona from known_persona
            where persona_id = any(?::bigint[]) and state = 'deleted'
            union all
            select user_id, false from erased_account where user_id = any(?::bigint[])
            """)
        .params(personas.toArray(Long[]::new), users.toArray(Long[]::new))
        .query(
            row -> {
              if (row.getBoolean("is_persona")) {
                recordings.endPersona(row.getLong("id"));
              } else {
                recordings.endUser(row.getLong("id"));
              }
            });
  }
}
